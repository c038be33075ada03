import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RequestWindow } from '../request-window.js';
import { problem } from './answer.js';

const POSTS = 100;
const READS = 300;

/** The key first, then the allowance per endpoint: what is refused for its key does not use up the allowance. */
export function guardWithKey(scope: FastifyInstance, apiKey: string, window: RequestWindow): void {
  scope.addHook('onRequest', (request, reply, next) => {
    if (!isKey(request.headers.authorization, apiKey)) return refuse(reply, 401, 'The API key is missing or wrong');
    const limit = limitFor(request);
    if (limit === null) return next();
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    const { allowed, remaining, secondsLeft } = window.ask(route, limit, Date.now());
    void reply.headers({
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(remaining),
      'X-RateLimit-Reset': String(secondsLeft),
    });
    if (allowed) return next();
    return refuse(reply.header('Retry-After', String(secondsLeft)), 429, 'Too many requests');
  });
}

function isKey(header: string | undefined, apiKey: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? '');
  const right = Buffer.from(apiKey);
  return given.length === right.length && timingSafeEqual(given, right);
}

function limitFor(request: FastifyRequest): number | null {
  const url = request.routeOptions.url;
  if (url === undefined) return null;
  if (request.method === 'POST') return POSTS;
  return url.includes('/jobs') ? READS : null;
}

function refuse(reply: FastifyReply, code: number, message: string): void {
  const refusal = problem(code, message);
  void reply.code(refusal.code).send(refusal.body);
}
