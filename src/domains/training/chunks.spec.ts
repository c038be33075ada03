import { Readable } from 'node:stream';
import { chunksOf } from './chunks.js';

async function sizes(pieces: number[], size: number): Promise<number[]> {
  const found: number[] = [];
  for await (const chunk of chunksOf(
    Readable.from(
      pieces.map((n) => Buffer.alloc(n)),
      { objectMode: true },
    ),
    size,
  ))
    found.push(chunk.length);
  return found;
}

describe('pieces of one size', () => {
  it.each([
    [[], [0]],
    [[4], [4]],
    [[10], [10]],
    [[25], [10, 10, 5]],
    [
      [3, 3, 3, 3],
      [10, 2],
    ],
    [
      [9, 1, 10, 0, 1],
      [10, 10, 1],
    ],
  ])('of %j are %j', async (pieces, expected) => expect(await sizes(pieces, 10)).toEqual(expected));

  it('keep every byte in its place', async () => {
    const parts: Buffer[] = [];
    for await (const chunk of chunksOf(Readable.from([Buffer.from('abc'), Buffer.from('defgh')]), 4)) parts.push(chunk);
    expect(parts.map(String)).toEqual(['abcd', 'efgh']);
  });
});
