import { membersOf, pickMembers, whole } from './json-members.js';

/** The text in pieces of that many bytes, with a note of whether the source was closed. */
function inPieces(text: string | Buffer, size: number) {
  const bytes = Buffer.from(text);
  const seen = { closed: false, read: 0 };
  async function* pieces() {
    try {
      for (let at = 0; at < bytes.length; at += size) {
        seen.read += 1;
        yield await Promise.resolve(bytes.subarray(at, at + size));
      }
    } finally {
      seen.closed = true;
    }
  }
  return Object.assign(pieces(), { seen });
}

async function all(text: string, size = 1): Promise<[string, unknown][]> {
  const found: [string, unknown][] = [];
  for await (const { name, value } of membersOf(inPieces(text, size))) {
    found.push([name, JSON.parse((await whole(value)).toString())]);
  }
  return found;
}

const VALUES: Record<string, unknown> = {
  text: 'a "quoted" \\ one, with } and ] and \u00e9 and 😀',
  '': '',
  'a "name": {': 1,
  number: -1.5e10,
  yes: true,
  no: false,
  none: null,
  list: [1, [2, { three: ']' }], '}', []],
  object: { a: { b: [{}] }, '"': '\\' },
  empty: {},
};

describe('the members of a JSON object', () => {
  it.each([1, 2, 3, 7, 1_000])('are found in pieces of %d bytes', async (size) => {
    expect(await all(JSON.stringify(VALUES), size)).toEqual(Object.entries(VALUES));
    expect(await all(JSON.stringify(VALUES, null, '\r\n\t '), size)).toEqual(Object.entries(VALUES));
  });

  it.each(['{}', ' { } ', '\uFEFF{}', '\n{\t}\n'])('may be none: %j', async (text) => {
    expect(await all(text)).toEqual([]);
  });

  it('need not be read, or not to the end', async () => {
    const text = JSON.stringify({ a: [1, 2, 3], b: 'x'.repeat(100), c: { d: 1 }, e: 5 });
    const names: string[] = [];
    for await (const { name, value } of membersOf(inPieces(text, 4))) {
      names.push(name);
      if (name === 'b') for await (const piece of value) if (piece.length > 0) break;
    }
    expect(names).toEqual(['a', 'b', 'c', 'e']);
  });

  it('can be looked for in a member', async () => {
    const outer = membersOf(inPieces('{"a":1,"b":{"c":[1],"d":2},"e":3}', 2));
    const found: string[] = [];
    for await (const { name, value } of outer) {
      if (name === 'b') for await (const inner of membersOf(value)) found.push(`b.${inner.name}`);
      else found.push(name);
    }
    expect(found).toEqual(['a', 'b.c', 'b.d', 'e']);
  });

  it('are read no further than they are wanted, and the source is closed', async () => {
    const source = inPieces(JSON.stringify({ a: 1, b: 'x'.repeat(10_000) }), 10);
    for await (const { name } of membersOf(source)) if (name === 'a') break;
    expect(source.seen).toEqual({ closed: true, read: 1 });
  });

  it.each([
    ['', 'an object'],
    ['[]', 'an object'],
    ['null', 'an object'],
    ['{', 'a name'],
    ['{"a"', 'a colon'],
    ['{"a":', 'too early'],
    ['{"a":1', 'too early'],
    ['{"a":[1,2', 'too early'],
    ['{"a":"b', 'too early'],
    ['{"a":"b\\"}', 'too early'],
    ['{"a" 1}', 'a colon'],
    ['{a:1}', 'a name'],
    ['{"a":1,}', 'a name'],
    ['{"a":1 "b":2}', 'a comma or the end'],
    ['{"a":1}{"b":2}', 'goes on'],
  ])('are not there in %j', async (text, message) => {
    const read = async () => {
      for await (const { value } of membersOf(inPieces(text, 3))) for await (const piece of value) void piece;
    };
    await expect(read()).rejects.toThrow(message);
  });

  it('pass on what the source throws', async () => {
    async function* broken() {
      yield await Promise.resolve(Buffer.from('{"a":[1,'));
      throw new Error('the vendor hung up');
    }
    await expect(pickMembers(broken(), ['a'], 100)).rejects.toThrow('the vendor hung up');
  });
});

describe('picking members', () => {
  const text = JSON.stringify({ small: { a: 1 }, large: Array.from({ length: 10_000 }, (_, n) => n), other: 'x' });

  it('takes those that are named, and what is not there is not there', async () => {
    expect(await pickMembers(inPieces(text, 64), ['other', 'small', 'missing'], 100)).toEqual({
      small: { a: 1 },
      other: 'x',
    });
  });

  it('takes no more than it may', async () => {
    await expect(pickMembers(inPieces(text, 64), ['large'], 1_000)).rejects.toThrow('larger than 1000 bytes');
  });

  it('throws for a value that is none', async () => {
    await expect(pickMembers(inPieces('{"a":}', 2), ['a'], 100)).rejects.toThrow(SyntaxError);
    await expect(pickMembers(inPieces('{"a":[1,,2]}', 2), ['a'], 100)).rejects.toThrow(SyntaxError);
  });

  it('makes no object of a name that is none', async () => {
    const picked = await pickMembers(inPieces('{"__proto__":{"a":1}}', 5), ['__proto__'], 100);
    expect(Object.keys(picked)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(picked)).toBe(Object.prototype);
  });
});
