import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

/** Bytes that can be read from anywhere; `end` is the first byte that is not read. */
export interface Content {
  size: number;
  read(start: number, end: number): Readable;
}

export function fromBuffer(bytes: Buffer): Content {
  return { size: bytes.length, read: (start, end) => Readable.from([bytes.subarray(start, end)]) };
}

export function fromFile(path: string, size: number): Content {
  return {
    size,
    read: (start, end) => (end > start ? createReadStream(path, { start, end: end - 1 }) : Readable.from([])),
  };
}
