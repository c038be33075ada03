import { Injectable } from '@nestjs/common';
import { Pace } from '../config/pace.js';
import { Limiter } from './limiter.js';
import type { Limit } from './limiter.js';

/** Our clock and the vendor's window need not agree to the millisecond. */
export const MARGIN = 1.02;

/**
 * A sliding window: never more than `max` in any window, so a vendor's fixed window cannot be overrun wherever it
 * begins. Windows follow the pace.
 */
@Injectable()
export class InProcessLimiter extends Limiter {
  private readonly taken = new Map<string, number[]>();

  constructor(private readonly pace: Pace) {
    super();
  }

  take(limit: Limit): Promise<number> {
    const windowMs = this.pace.ms(limit.windowMs) * MARGIN;
    const now = performance.now();
    const times = this.taken.get(limit.name) ?? [];
    const fresh = times.filter((time) => now - time < windowMs);
    this.taken.set(limit.name, fresh);
    const oldest = fresh[fresh.length - limit.max];
    if (oldest !== undefined) return Promise.resolve(Math.max(1, oldest + windowMs - now));
    fresh.push(now);
    return Promise.resolve(0);
  }
}
