import { invalidField } from '../http/problem.js';
import type { Caller, CallerRequest } from '../teams/caller.js';
import type { RequestOf } from './new-job.js';

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What a request that makes something says beyond its body. @throws a 400 for a header that was sent twice */
export function requestOf(request: CallerRequest): RequestOf {
  const idempotencyKey = headerOf(request, 'idempotency-key');
  const traceparent = headerOf(request, 'traceparent');
  return {
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    body: request.body,
    requestId: request.id,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(traceparent && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
  };
}

export function callerOf(request: CallerRequest): Caller {
  if (!request.caller) throw new Error('a route that needs its caller has no scope');
  return request.caller;
}

/** @throws a 400 when it was sent twice */
export function headerOf(request: CallerRequest, name: string): string | undefined {
  const value = request.headers[name];
  if (Array.isArray(value)) throw invalidField(name, 'must be sent once');
  return value;
}
