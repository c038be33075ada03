import type { Readable } from 'node:stream';

/** The same bytes in pieces of one size, the last one smaller; one at a time. Nothing gives one empty piece. */
export async function* chunksOf(bytes: Readable, size: number): AsyncGenerator<Buffer, void, undefined> {
  let parts: Buffer[] = [];
  let [held, given] = [0, 0];
  for await (const part of bytes) {
    for (let rest = part as Buffer; rest.length > 0;) {
      const piece = rest.subarray(0, size - held);
      parts.push(piece);
      held += piece.length;
      rest = rest.subarray(piece.length);
      if (held < size) continue;
      yield Buffer.concat(parts, held);
      [parts, held, given] = [[], 0, given + 1];
    }
  }
  if (held > 0 || given === 0) yield Buffer.concat(parts, held);
}
