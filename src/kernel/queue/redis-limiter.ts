import { randomUUID } from 'node:crypto';
import { Pace } from '../config/pace.js';
import { InProcessLimiter, MARGIN } from './in-process-limiter.js';
import { Limiter } from './limiter.js';
import type { Limit } from './limiter.js';
import { RedisLink } from './redis-link.js';
import { within } from './within.js';

const ANSWER_MS = 500;

/** The same sliding window for all processes, by the clock of Redis. Returns 0 or the milliseconds to wait. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local over = redis.call('ZCARD', KEYS[1]) - max
if over >= 0 then
  local entry = redis.call('ZRANGE', KEYS[1], over, over, 'WITHSCORES')
  return math.max(1, entry[2] + window - now)
end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], window)
return 0`;

/**
 * Never more than `max` in any window, over all replicas. While Redis is away each process keeps the limit for itself, with
 * what it took itself in mind: a fleet may then ask more often than the vendor allows, and hears 429 from the vendor.
 */
export class RedisLimiter extends Limiter {
  constructor(
    private readonly link: RedisLink,
    private readonly own: InProcessLimiter,
    private readonly prefix: string,
    private readonly pace: Pace,
  ) {
    super();
  }

  async take(limit: Limit): Promise<number> {
    if (!this.link.usable) return this.own.take(limit);
    const windowMs = Math.ceil(this.pace.ms(limit.windowMs) * MARGIN);
    try {
      const key = `${this.prefix}:limit:${limit.name}`;
      const answer = this.link.lines.client.eval(TAKE, 1, key, limit.max, windowMs, randomUUID());
      const wait = Number(await within(ANSWER_MS, answer));
      if (wait === 0) await this.own.take(limit);
      return wait;
    } catch {
      return this.own.take(limit);
    }
  }
}
