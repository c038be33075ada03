export interface Deadline {
  signal: AbortSignal;
  /** True when time ran out, false when it is still running or everything was stopped. */
  isOver(): boolean;
  done(): void;
}

/**
 * Time limits for calls to the outside that end early when the sandbox stops. AbortSignal.any with one long-lived
 * signal would remember every call ever made.
 */
export class Deadlines {
  private readonly running = new Map<AbortController, NodeJS.Timeout>();
  private stopped = false;

  in(milliseconds: number): Deadline {
    const controller = new AbortController();
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      controller.abort();
    }, milliseconds);
    this.running.set(controller, timer);
    if (this.stopped) controller.abort();
    const done = () => {
      clearTimeout(timer);
      this.running.delete(controller);
    };
    return { signal: controller.signal, isOver: () => over, done };
  }

  isStopped(): boolean {
    return this.stopped;
  }

  stop(): void {
    this.stopped = true;
    for (const [controller, timer] of this.running) {
      clearTimeout(timer);
      controller.abort();
    }
    this.running.clear();
  }
}
