/** The first bytes of a body. One growing buffer, because a list of a sender's one-byte chunks would take fifty times as much. */
export class KeptBytes {
  private buffer = Buffer.alloc(0);
  private size = 0;

  constructor(private readonly max: number) {}

  get full(): boolean {
    return this.size >= this.max;
  }

  /** Whether all of it could be kept. */
  add(chunk: Buffer): boolean {
    const fitting = Math.min(chunk.length, this.max - this.size);
    this.makeRoom(this.size + fitting);
    chunk.copy(this.buffer, this.size, 0, fitting);
    this.size += fitting;
    return fitting === chunk.length;
  }

  bytes(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.size));
  }

  private makeRoom(needed: number): void {
    if (needed <= this.buffer.length) return;
    const larger = Buffer.alloc(Math.min(this.max, Math.max(needed, 2 * this.buffer.length, 1_024)));
    this.buffer.copy(larger, 0, 0, this.size);
    this.buffer = larger;
  }
}
