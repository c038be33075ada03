import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { tap } from 'rxjs';
import { withContext } from './context.js';
import { RequestLog } from './request-log.js';
import type { SeenRequest } from './request-log.js';

/**
 * For a route's `@RouteConfig`, where thousands of requests a second come in: no context of its own, which makes every
 * promise of the process dearer. Its handler names the ids on its log lines itself.
 */
export const NO_CONTEXT = { noContext: true } as const;

const hasContext = (request: SeenRequest) => !(request.routeOptions.config as { noContext?: boolean }).noContext;

/** Shared by all domains: the handler's log lines carry the request's id, and its end is logged and measured. */
@Injectable()
export class RequestInterceptor implements NestInterceptor {
  constructor(private readonly log: RequestLog) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<SeenRequest>();
    const reply = http.getResponse<FastifyReply>();
    const handle = () => next.handle();
    return (hasContext(request) ? withContext({ requestId: request.id }, handle) : handle()).pipe(
      // What fails is recorded where its status is known: by the filter.
      tap({ complete: () => this.log.record(request, reply, reply.statusCode) }),
    );
  }
}
