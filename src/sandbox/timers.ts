const LONGEST = 2 ** 31 - 1;

/** All waiting of the sandbox, so that stopping it leaves nothing behind. Times are real milliseconds. */
export class Timers {
  private readonly running = new Set<NodeJS.Timeout>();

  constructor(private readonly factor: number) {}

  /** A vendor's interval at the pace of this sandbox. */
  scaled(milliseconds: number): number {
    return milliseconds * this.factor;
  }

  after(milliseconds: number, work: () => void): void {
    const timer = setTimeout(
      () => {
        this.running.delete(timer);
        work();
      },
      Math.min(LONGEST, Math.max(0, milliseconds)),
    );
    this.running.add(timer);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  stop(): void {
    for (const timer of this.running) clearTimeout(timer);
    this.running.clear();
  }
}
