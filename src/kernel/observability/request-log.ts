import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppLogger } from './app-logger.js';
import type { LogContext } from './context.js';
import { KernelMetrics } from './kernel-metrics.js';
import type { LogEvent } from './log-events.js';
import { maskUrl } from './mask.js';

/** Ids that handlers leave on the request for its one log line. */
export type SeenRequest = FastifyRequest & {
  seen?: LogContext;
  logged?: boolean;
  /** What its line is about, where it is more than a request that was answered. */
  logEvent?: LogEvent;
};

/** The one way in which a request is logged and measured, whoever finds out that it is over. */
@Injectable()
export class RequestLog {
  constructor(
    private readonly logger: AppLogger,
    private readonly metrics: KernelMetrics,
  ) {}

  record(request: SeenRequest, reply: FastifyReply, status: number): void {
    if (request.logged) return;
    request.logged = true;
    const ms = reply.elapsedTime;
    const route = request.routeOptions.url ?? 'none';
    this.metrics.httpRequests.observe({ method: request.method, route, status }, ms / 1_000);
    const line = {
      requestId: request.id,
      method: request.method,
      url: maskUrl(request.url),
      route,
      status,
      ms: Math.round(ms * 10) / 10,
      address: request.ip,
      ...request.seen,
    };
    this.logger.line(request.logEvent ?? 'request.done', status >= 500 ? 'error' : 'info', 'request', line);
  }
}
