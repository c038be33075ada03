import { EventStreamParser } from './event-stream.js';
import type { StreamBlock } from './event-stream.js';

/** The whole text in pieces of so many bytes. */
function read(text: string | Buffer, bytes = Infinity): StreamBlock[] {
  const parser = new EventStreamParser();
  const all = Buffer.from(text);
  const step = Math.min(bytes, all.length);
  const blocks: StreamBlock[] = [];
  for (let at = 0; at < all.length; at += step) blocks.push(...parser.push(all.subarray(at, at + step)));
  return blocks;
}

const block = (id: string, data: string | null, type = 'message') => ({ id, type, data });

describe('A stream of server-sent events', () => {
  it('has an id, a type and data in each message', () => {
    expect(read('retry: 2000\n\nid: 1-2-3\nevent: job.done\ndata: {"a":1}\n\n')).toEqual([
      block('1-2-3', '{"a":1}', 'job.done'),
    ]);
  });

  it.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ])('may end its lines by %s, wherever it is cut into pieces', (_, end) => {
    const text = ['id: 1', 'data: Zoë', 'data: 😀', '', 'data: second', '', ': comment', '', 'id: 2', '', ''].join(end);
    const wanted = [block('1', 'Zoë\n😀'), block('1', 'second'), block('2', null)];
    for (const bytes of [1, 2, 3, 7, Infinity]) expect(read(text, bytes)).toEqual(wanted);
  });

  it('shows a message that ends in CR at once, and does not take the LF after it for another line', () => {
    const parser = new EventStreamParser();
    expect(parser.push(Buffer.from('data: a\r\n\r'))).toEqual([block('', 'a')]);
    expect(parser.push(Buffer.from('\ndata: b\n'))).toEqual([]);
    expect(parser.push(Buffer.from('\n'))).toEqual([block('', 'b')]);
  });

  it('may begin with a byte order mark, once', () => {
    expect(read('\uFEFFdata: a\n\n')).toEqual([block('', 'a')]);
    expect(read(Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('data: a\n\n')]), 1)).toEqual([block('', 'a')]);
    expect(read('data: a\n\n\uFEFFdata: b\n\n')).toEqual([block('', 'a')]);
  });

  it('takes one space after the colon for its own, and a name without a colon for one without a value', () => {
    expect(read('data:a\n\ndata:  b\n\ndata\n\ndata\ndata\n\n')).toEqual([
      block('', 'a'),
      block('', ' b'),
      block('', ''),
      block('', '\n'),
    ]);
  });

  it('keeps its id until there is another; one with a NUL counts for nothing, an empty one takes it back', () => {
    expect(read('id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\n')).toEqual([
      block('1', 'a'),
      block('1', 'b'),
      block('1', 'c'),
      block('', 'd'),
    ]);
  });

  it('moves its id on by a block without data, and says so once', () => {
    expect(read('id: 1\n\nid: 1\n\nevent: x\n\ndata: a\n\n')).toEqual([block('1', null), block('1', 'a')]);
  });

  it('says how long to wait, in digits', () => {
    const parser = new EventStreamParser();
    for (const [line, wanted] of [
      ['retry: soon', null],
      ['retry: 150', 150],
      ['retry: 1.5', 150],
      ['retry', 150],
    ] as const) {
      parser.push(Buffer.from(`${line}\n`));
      expect(parser.retryMs).toBe(wanted);
    }
  });

  it('leaves out what was cut off before its end, what it does not know, and comments', () => {
    expect(read('colour: red\n: data: no\ndata: a\n\nid: 9\ndata: cut off\n')).toEqual([block('', 'a')]);
  });

  it('is none when a block has no end', () => {
    const parser = new EventStreamParser();
    const piece = Buffer.alloc(1_024 * 1_024, 'x');
    expect(() => {
      for (let i = 0; i < 5; i++) parser.push(piece);
    }).toThrow('no stream of events');
    const lines = new EventStreamParser();
    const line = Buffer.from(`data: ${'x'.repeat(1_024 * 1_024)}\n`);
    expect(() => {
      for (let i = 0; i < 5; i++) lines.push(line);
    }).toThrow('no stream of events');
  });
});
