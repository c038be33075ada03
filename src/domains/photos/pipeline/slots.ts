/** A bounded number at work, a bounded number in line, first come first served. */
export class Slots {
  private running = 0;
  private readonly line: (() => void)[] = [];

  constructor(
    private readonly most: number,
    private readonly longestLine: number,
  ) {}

  get load(): { running: number; waiting: number } {
    return { running: this.running, waiting: this.line.length };
  }

  /** False at once where the line is full. */
  async take(): Promise<boolean> {
    if (this.running < this.most) {
      this.running++;
      return true;
    }
    if (this.line.length >= this.longestLine) return false;
    await new Promise<void>((resolve) => this.line.push(resolve));
    return true;
  }

  give(): void {
    const next = this.line.shift();
    if (next) next();
    else this.running--;
  }
}
