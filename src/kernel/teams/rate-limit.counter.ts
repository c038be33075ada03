import type { ThrottlerStorage } from '@nestjs/throttler';
import { SECOND } from '../config/pace.js';

/** What the library calls a storage record. Times are whole seconds, never under 1, so that a retry is never too early. */
export type Count = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** `ends` in milliseconds of `performance.now()`. */
interface Window {
  ends: number;
  hits: number;
}

type Windows = Map<string, Window>;

/** Keys counted at once under one policy; more than these forget the one whose window began first. */
const MOST_KEYS = 10_000;

export function countOf(hits: number, leftMs: number, limit: number): Count {
  const seconds = Math.max(1, Math.ceil(leftMs / SECOND));
  const isBlocked = hits > limit;
  return { totalHits: hits, timeToExpire: seconds, isBlocked, timeToBlockExpire: isBlocked ? seconds : 0 };
}

/**
 * A fixed window per key, from its first hit: one number, where the library's own store keeps and filters every hit. Who
 * is over the limit is let in again when the window ends, so there is no other time to be blocked for.
 */
export class WindowCounter implements ThrottlerStorage {
  /** By policy, since each has one length of window: the first to begin is then the first to end. */
  private readonly policies = new Map<string, Windows>();

  constructor(private readonly most = MOST_KEYS) {}

  increment(key: string, ttlMs: number, limit: number, _blockMs: number, policy: string): Promise<Count> {
    return Promise.resolve(this.count(key, ttlMs, limit, policy));
  }

  count(key: string, ttlMs: number, limit: number, policy: string): Count {
    const now = performance.now();
    const windows = this.windowsOf(policy);
    const window = windows.get(key);
    if (window && window.ends > now) return countOf(++window.hits, window.ends - now, limit);
    windows.delete(key);
    this.makeRoom(windows, now);
    windows.set(key, { ends: now + ttlMs, hits: 1 });
    return countOf(1, ttlMs, limit);
  }

  /** Windows that are held, of all policies. */
  get size(): number {
    return [...this.policies.values()].reduce((sum, windows) => sum + windows.size, 0);
  }

  private windowsOf(policy: string): Windows {
    const windows = this.policies.get(policy) ?? new Map<string, Window>();
    this.policies.set(policy, windows);
    return windows;
  }

  private makeRoom(windows: Windows, now: number): void {
    for (const [key, { ends }] of windows) {
      if (ends > now && windows.size < this.most) return;
      windows.delete(key);
    }
  }
}
