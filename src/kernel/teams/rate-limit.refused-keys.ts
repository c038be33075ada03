import { Injectable } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { InjectThrottlerStorage, normalizeIp } from '@nestjs/throttler';
import type { ThrottlerStorage } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MINUTE, Pace, SECOND } from '../config/pace.js';
import type { Problem } from '../http/problem.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { rateLimited, tellStanding } from './rate-limit.answer.js';
import type { Policy } from './rate-limit.answer.js';
import { RateLimitEnv } from './rate-limit.env.js';
import { UsableKeys } from './rate-limit.usable-keys.js';

/** Addresses remembered at once; more than these forget the one that was shut first. */
const MOST_SHUT = 10_000;
/** Longer than any address; a header that is taken for one may say anything. */
const LONGEST = 64;

/**
 * Requests with no or a bad key, per address (of IPv6, per /64): after so many the next is turned away before the database
 * is asked. A good key passes all the same, since others may share the address: a network, or an ingress that is not in
 * TRUST_PROXY.
 */
@Injectable()
export class RefusedKeys {
  private readonly policy: Policy;
  /** Until when, in milliseconds of `performance.now()`. */
  private readonly shut = new Map<string, number>();

  constructor(
    @InjectThrottlerStorage() private readonly storage: ThrottlerStorage,
    private readonly usable: UsableKeys,
    private readonly metrics: KernelMetrics,
    env: RateLimitEnv,
    pace: Pace,
  ) {
    this.policy = { name: 'refused-keys', limit: env.RATE_LIMIT_REFUSALS, windowMs: pace.ms(MINUTE) };
  }

  /** @throws a 429 where this address has had too many refused, unless the key is a good one */
  async check(context: ExecutionContext, key: string | undefined): Promise<void> {
    const { address, reply } = sidesOf(context);
    const leftMs = (this.shut.get(address) ?? 0) - performance.now();
    if (leftMs <= 0 || (key !== undefined && (await this.usable.has(key)))) return;
    const seconds = Math.max(1, Math.ceil(leftMs / SECOND));
    tellStanding(reply, this.policy, { hits: this.policy.limit, seconds });
    this.metrics.rateLimited.inc({ by: 'address' });
    throw rateLimited('too many requests of this address had no or a bad key', seconds);
  }

  /** Counts one, and gives it back to be thrown. */
  async refuse(context: ExecutionContext, problem: Problem): Promise<Problem> {
    const { name, limit, windowMs } = this.policy;
    if (limit === 0) return problem;
    const { address, reply } = sidesOf(context);
    const count = await this.storage.increment(address, windowMs, limit, windowMs, name);
    tellStanding(reply, this.policy, { hits: count.totalHits, seconds: count.timeToExpire });
    if (count.totalHits >= limit) this.shutOut(address, Math.min(windowMs, count.timeToExpire * SECOND));
    return problem;
  }

  private shutOut(address: string, ms: number): void {
    const [first] = this.shut.keys();
    if (this.shut.size >= MOST_SHUT && first !== undefined) this.shut.delete(first);
    this.shut.delete(address);
    this.shut.set(address, performance.now() + ms);
  }
}

function sidesOf(context: ExecutionContext): { address: string; reply: FastifyReply } {
  const http = context.switchToHttp();
  const { ip } = http.getRequest<FastifyRequest>();
  return { address: normalizeIp(ip).slice(0, LONGEST), reply: http.getResponse<FastifyReply>() };
}
