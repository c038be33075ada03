import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { tap } from 'rxjs';
import { withContext } from './context.js';
import { RequestLog } from './request-log.js';
import type { SeenRequest } from './request-log.js';

/** Shared by all domains: the handler's log lines carry the request's id, and its end is logged and measured. */
@Injectable()
export class RequestInterceptor implements NestInterceptor {
  constructor(private readonly log: RequestLog) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<SeenRequest>();
    const reply = http.getResponse<FastifyReply>();
    return withContext({ requestId: request.id }, () => next.handle()).pipe(
      // What fails is recorded where its status is known: by the filter.
      tap({ complete: () => this.log.record(request, reply, reply.statusCode) }),
    );
  }
}
