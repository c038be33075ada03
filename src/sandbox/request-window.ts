export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Whole seconds, at least one: no header can say less. */
  secondsLeft: number;
}

interface Window {
  ends: number;
  used: number;
}

/** A window of fixed length per name: it opens with the first request and forgets everything when it closes. */
export class RequestWindow {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly milliseconds: number) {}

  ask(name: string, limit: number, now: number): Allowance {
    let window = this.windows.get(name);
    if (window === undefined || now >= window.ends) {
      window = { ends: now + this.milliseconds, used: 0 };
      this.windows.set(name, window);
    }
    const allowed = window.used < limit;
    if (allowed) window.used += 1;
    const secondsLeft = Math.max(1, Math.ceil((window.ends - now) / 1000));
    return { allowed, limit, remaining: limit - window.used, secondsLeft };
  }
}
