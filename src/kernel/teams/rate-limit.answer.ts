import type { FastifyReply } from 'fastify';
import { SECOND } from '../config/pace.js';
import { Problem } from '../http/problem.js';

/** How many are allowed under a name, in how many milliseconds. */
export interface Policy {
  name: string;
  limit: number;
  windowMs: number;
}

/** How it stands in the present window; `seconds` until it ends. */
export interface Standing {
  hits: number;
  seconds: number;
}

const NO_SOONER = 1;

/** `RateLimit-Policy` and `RateLimit` as structured fields (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders({ name, limit, windowMs }: Policy, { hits, seconds }: Standing) {
  const window = Math.max(NO_SOONER, Math.ceil(windowMs / SECOND));
  return {
    'RateLimit-Policy': `"${name}";q=${limit};w=${window}`,
    RateLimit: `"${name}";r=${Math.max(0, limit - hits)};t=${seconds}`,
  };
}

export function tellStanding(reply: FastifyReply, policy: Policy, standing: Standing): void {
  void reply.headers(rateLimitHeaders(policy, standing));
}

/** A 429 whose `Retry-After` is the `t` of `RateLimit`: both name the same moment. */
export const rateLimited = (detail: string, seconds: number) =>
  new Problem(429, 'rate_limited', `${detail}; try again in ${seconds} s`, { retryAfter: seconds });
