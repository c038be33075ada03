import type { ThrottlerStorage } from '@nestjs/throttler';
import { SECOND } from '../config/pace.js';
import type { RedisLink } from '../queue/redis-link.js';
import { countOf } from './rate-limit.counter.js';
import type { Count, WindowCounter } from './rate-limit.counter.js';

/** No request waits longer for its count. */
const PATIENCE = 100;
/** A Redis that was slow is left alone this long, so that it does not hold up every request. */
const LEFT_ALONE = SECOND;

/** Returns the hits of this window and the milliseconds until it ends. */
const COUNT = `
local hits = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], left)
end
return {hits, left}`;

/**
 * The same windows for all processes. While Redis is away or slow each process counts for itself, with what it has seen
 * itself in mind: a fleet then lets through more, and no request fails or waits for it.
 */
export class RedisWindowCounter implements ThrottlerStorage {
  private leftAloneUntil = 0;

  constructor(
    private readonly link: RedisLink,
    private readonly own: WindowCounter,
    private readonly prefix: string,
  ) {}

  async increment(key: string, ttlMs: number, limit: number, _blockMs: number, policy: string): Promise<Count> {
    const own = this.own.count(key, ttlMs, limit, policy);
    if (!this.link.usable || performance.now() < this.leftAloneUntil) return own;
    const answer = await this.ask(`${this.prefix}:rate:${policy}:${key}`, Math.ceil(ttlMs));
    return answer ? countOf(answer[0], answer[1], limit) : own;
  }

  private async ask(key: string, ttlMs: number): Promise<[hits: number, leftMs: number] | null> {
    const asked = this.link.lines.client.eval(COUNT, 1, key, ttlMs) as Promise<[number, number]>;
    const answer = await soon(asked.catch(() => null));
    if (!answer) this.leftAloneUntil = performance.now() + LEFT_ALONE;
    return answer;
  }
}

/** Null when it takes too long. Answers that lie there unread are read first: a process that was busy has no slow Redis. */
async function soon<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => setImmediate(() => resolve(null)), PATIENCE);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
