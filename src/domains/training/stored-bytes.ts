import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import type { ByteRange } from '../../kernel/files/byte-range.js';

/** The directory of an archive is read in many small bites; each would be a question to the storage. */
const WINDOW = 128 * 1_024;

/** A part of a file that is kept somewhere; null when it is gone. */
export type ReadRange = (range: ByteRange) => Promise<Readable | null>;

/** What `yauzl` reads an uploaded archive by, wherever it is kept and however large it is. */
export class StoredBytes extends RandomAccessReader {
  private from = 0;
  private window = Buffer.alloc(0);

  constructor(
    private readonly range: ReadRange,
    private readonly size: number,
  ) {
    super();
  }

  /** `end` is not included. */
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.bytes(start, end), { objectMode: false });
  }

  override read(
    into: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    this.windowAt(position, length).then(
      (bytes) => {
        bytes.copy(into, offset);
        done(null);
      },
      (error: Error) => done(error),
    );
  }

  private async windowAt(position: number, length: number): Promise<Buffer> {
    const end = position + length;
    if (end > this.size) throw new Error('it ends too early');
    if (position < this.from || end > this.from + this.window.length) {
      const parts: Uint8Array[] = [];
      for await (const part of this.bytes(position, Math.min(this.size, Math.max(end, position + WINDOW)))) {
        parts.push(part);
      }
      [this.from, this.window] = [position, Buffer.concat(parts)];
      if (this.window.length < length) throw new Error('it ends too early');
    }
    return this.window.subarray(position - this.from, end - this.from);
  }

  private async *bytes(start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
    if (end <= start) return;
    const stream = await this.range({ start, end: end - 1 });
    if (!stream) throw new Error('the file is gone');
    yield* stream as AsyncIterable<Uint8Array>;
  }
}
