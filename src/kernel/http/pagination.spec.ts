import { PageQuery, decodeCursor, encodeCursor, toPage } from './pagination.js';
import { Problem } from './problem.js';
import { validationPipe } from './validation.js';

const NUMBER = /^\d{1,18}$/;
const WORD = /^[a-z]+$/;
const text = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url');

function refusalOf(cursor: string, patterns: readonly RegExp[]): Problem {
  try {
    decodeCursor(cursor, patterns);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`the cursor ${cursor} was taken`);
}

describe('a cursor', () => {
  it.each([[['1', 'abc']], [['007', 'z']]])('comes back as it was given out: %j', (parts) => {
    expect(decodeCursor(encodeCursor(parts), [NUMBER, WORD])).toEqual(parts);
  });

  it('needs no escaping in a URL', () => {
    for (let i = 0; i < 300; i++) {
      const cursor = encodeCursor(['ÿ>?~'.repeat(i % 5), String.fromCharCode(i)]);
      expect(encodeURIComponent(cursor)).toBe(cursor);
    }
  });

  it.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['base64 of no JSON', Buffer.from('[1,').toString('base64url')],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0]).toString('base64url')],
    ['a text', text('1')],
    ['a number', text(1)],
    ['null', text(null)],
    ['an object', text({ 0: '1', 1: 'abc', length: 2 })],
    ['too few parts', text(['1'])],
    ['too many parts', text(['1', 'abc', 'x'])],
    ['a number for a text', text([1, 'abc'])],
    ['a list for a text', text([['1'], 'abc'])],
    ['null for a text', text([null, 'abc'])],
    ['an object that pretends to be a text', text([{ toString: '1' }, 'abc'])],
    ['a part that does not match', text(['1', 'ABC'])],
    ['a part with a newline at its end', text(['1\n', 'abc'])],
    ['a part with a NUL', text(['1\0', 'abc'])],
    ['SQL', text(["1' or '1'='1", 'abc'])],
    ['a number that no column holds', text(['9'.repeat(19), 'abc'])],
    ['a number of another script', text(['١', 'abc'])],
    ['very much', 'A'.repeat(100_000)],
  ])('is refused when it holds %s', (_, cursor) => {
    const problem = refusalOf(cursor, [NUMBER, WORD]);
    expect(problem.getStatus()).toBe(400);
    expect(problem.extras.errors).toEqual([
      { field: 'cursor', detail: 'is not one that we gave out; start again without it' },
    ]);
  });
});

describe('a page', () => {
  const rows = ['a', 'b', 'c', 'd'];
  const page = (limit: number, all = rows) =>
    toPage(
      all,
      limit,
      (row) => row.toUpperCase(),
      (row) => [row],
    );

  it('shows as many as were asked for, and where to go on', () => {
    expect(page(3)).toEqual({ items: ['A', 'B', 'C'], nextCursor: encodeCursor(['c']) });
  });

  it('is the last one when there is no row beyond it', () => {
    expect(page(4)).toEqual({ items: ['A', 'B', 'C', 'D'], nextCursor: null });
    expect(page(5)).toEqual({ items: ['A', 'B', 'C', 'D'], nextCursor: null });
  });

  it('may be empty', () => {
    expect(page(10, [])).toEqual({ items: [], nextCursor: null });
  });
});

describe('the query of a page', () => {
  const read = (query: object) =>
    validationPipe().transform(query, { type: 'query', metatype: PageQuery }) as Promise<PageQuery>;

  it('asks for 50 when it does not say', async () => {
    expect(await read({})).toEqual({ limit: 50 });
  });

  it('says a number as text', async () => {
    expect(await read({ limit: '7', cursor: 'abc' })).toEqual({ limit: 7, cursor: 'abc' });
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '1.5' },
    { limit: 'many' },
    { limit: '' },
    { limit: ['1', '2'] },
    { cursor: ['a', 'b'] },
    { cursor: 'x'.repeat(401) },
    { page: '2' },
  ])('is refused: %j', async (query) => {
    await expect(read(query)).rejects.toBeInstanceOf(Problem);
  });
});
