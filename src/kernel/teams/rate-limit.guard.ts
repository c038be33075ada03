import { Injectable } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectThrottlerOptions, InjectThrottlerStorage, ThrottlerGuard } from '@nestjs/throttler';
import type { ThrottlerModuleOptions, ThrottlerRequest, ThrottlerStorage } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import type { CallerRequest } from './caller.js';
import { rateLimited, tellStanding } from './rate-limit.answer.js';

/**
 * Requests per API key. Asked by the guard that found out whose the key is, and before it looks at scopes, so that what
 * is refused for its scope counts too. A request that waits, or streams, counts once.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
    reflector: Reflector,
    private readonly metrics: KernelMetrics,
  ) {
    super(options, storage, reflector);
  }

  protected override getTracker(request: Pick<CallerRequest, 'caller'>): Promise<string> {
    if (!request.caller) throw new Error('a request was to be counted before its key was known');
    return Promise.resolve(request.caller.keyId);
  }

  /** One count over all routes. */
  protected override generateKey(_context: ExecutionContext, keyId: string): string {
    return keyId;
  }

  protected override async handleRequest(asked: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, blockDuration, throttler } = asked;
    const http = context.switchToHttp();
    const name = throttler.name ?? 'default';
    const key = asked.generateKey(context, await asked.getTracker(http.getRequest(), context), name);
    const count = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    const standing = { hits: count.totalHits, seconds: count.timeToExpire };
    tellStanding(http.getResponse<FastifyReply>(), { name, limit, windowMs: ttl }, standing);
    if (!count.isBlocked) return true;
    this.metrics.rateLimited.inc({ by: 'key' });
    throw rateLimited(`this key has made the ${limit} requests that it may make for now`, standing.seconds);
  }
}
