/** Timers that keep no process alive and go with it: whatever they would have rung for is due, and the sweep finds it. */
export class Alarms {
  private readonly timers = new Set<NodeJS.Timeout>();

  set(ms: number, ring: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      ring();
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
