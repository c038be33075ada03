import { Transform } from 'node:stream';

export class TooLarge extends Error {}

/** Lets bytes through up to a limit, then fails with `TooLarge`. */
export function atMost(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length;
      next(size > limit ? new TooLarge() : null, chunk);
    },
  });
}
