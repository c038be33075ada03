import type { ThrottlerStorage } from '@nestjs/throttler';
import { SECOND } from '../config/pace.js';

/** What the library calls a storage record. Times are whole seconds, never under 1, so that a retry is never too early. */
export type Count = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Keys counted at once under one policy; with more than these, those that began first are forgotten. */
const MOST_KEYS = 10_000;

export function countOf(hits: number, leftMs: number, limit: number): Count {
  const seconds = Math.max(1, Math.ceil(leftMs / SECOND));
  const isBlocked = hits > limit;
  return { totalHits: hits, timeToExpire: seconds, isBlocked, timeToBlockExpire: isBlocked ? seconds : 0 };
}

/** `ends` in milliseconds of `performance.now()`. */
interface Window {
  ends: number;
  hits: number;
}

/**
 * The windows of one policy, in two generations: the older one is dropped whole, once all in it have ended or there is no
 * room. To drop them one by one would make each new key as dear as twenty known ones.
 */
class Windows {
  private young = new Map<string, Window>();
  private old = new Map<string, Window>();
  private began = performance.now();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.young.size + this.old.size;
  }

  get(key: string): Window | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  open(key: string, now: number, ttlMs: number): void {
    if (now - this.began >= ttlMs || this.young.size >= this.most / 2) {
      this.old = this.young;
      this.young = new Map();
      this.began = now;
    }
    this.young.set(key, { ends: now + ttlMs, hits: 1 });
  }
}

/**
 * A fixed window per key, from its first hit: one number, where the library's own store keeps and filters every hit. Who
 * is over the limit is let in again when the window ends, so there is no other time to be blocked for.
 */
export class WindowCounter implements ThrottlerStorage {
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
    windows.open(key, now, ttlMs);
    return countOf(1, ttlMs, limit);
  }

  /** Windows that are held, of all policies. */
  get size(): number {
    return [...this.policies.values()].reduce((sum, windows) => sum + windows.size, 0);
  }

  private windowsOf(policy: string): Windows {
    const windows = this.policies.get(policy) ?? new Windows(this.most);
    this.policies.set(policy, windows);
    return windows;
  }
}
