type Bytes = AsyncIterable<Uint8Array>;

export const QUOTE = 0x22;
export const COLON = 0x3a;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const [BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST] = [0x5c, 0x2c, 0x5b, 0x5d];
const SPACE = 0x20;
const BOM = 0xef;

/** Where the reader stands in the text. */
export class JsonInput {
  private chunk: Uint8Array = new Uint8Array();
  private at = 0;
  /** Of the value under way: how many lists and objects are open, and whether a text is. */
  private depth = 0;
  private inText = false;
  private escaped = false;
  private inValue = false;

  constructor(private readonly source: AsyncIterator<Uint8Array>) {}

  /** The next byte that is no space, which stays where it is; null at the end. */
  async peek(): Promise<number | null> {
    while (await this.fill()) {
      const byte = this.chunk[this.at] ?? 0;
      if (byte > SPACE) return byte;
      this.at += 1;
    }
    return null;
  }

  async expect(byte: number, what: string): Promise<void> {
    if ((await this.peek()) !== byte) throw new Error(`the JSON does not have ${what} where one must be`);
    this.at += 1;
  }

  /** A byte order mark, which some write and nobody may. */
  async skipMark(): Promise<void> {
    if ((await this.peek()) !== BOM) return;
    for (let n = 0; n < 3 && (await this.fill()); n += 1) this.at += 1;
  }

  /** True: another member comes. */
  async another(): Promise<boolean> {
    if ((await this.peek()) === COMMA) {
      this.at += 1;
      return true;
    }
    await this.expect(CLOSE_OBJECT, 'a comma or the end of the object');
    return false;
  }

  /** The value that begins here, piece by piece. */
  value(): Bytes {
    [this.depth, this.inText, this.escaped, this.inValue] = [0, false, false, true];
    return this.pieces();
  }

  /** Leaves the value behind, however much of it was read. */
  async finish(): Promise<void> {
    while (this.inValue) await this.piece();
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }

  private async *pieces(): Bytes {
    while (this.inValue) {
      const piece = await this.piece();
      if (piece.length > 0) yield piece;
    }
  }

  /** As much of the value as has come. */
  private async piece(): Promise<Uint8Array> {
    if (!(await this.fill())) throw new Error('the JSON ends too early');
    const from = this.at;
    this.at = this.endWithin(from);
    return this.chunk.subarray(from, this.at);
  }

  /** The place behind the value's last byte, or behind all that has come. */
  private endWithin(from: number): number {
    const { chunk } = this;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (this.inText) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) {
          this.inText = false;
          if (this.depth === 0) return this.ended(at + 1);
        }
      } else if (byte === QUOTE) this.inText = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (this.depth === 0) return this.ended(at);
        this.depth -= 1;
        if (this.depth === 0) return this.ended(at + 1);
      } else if (this.depth === 0 && (byte === COMMA || (byte ?? 0) <= SPACE)) return this.ended(at);
    }
    return chunk.length;
  }

  private ended(at: number): number {
    this.inValue = false;
    return at;
  }

  private async fill(): Promise<boolean> {
    while (this.at >= this.chunk.length) {
      const next = await this.source.next();
      if (next.done === true) return false;
      [this.chunk, this.at] = [next.value, 0];
    }
    return true;
  }
}
