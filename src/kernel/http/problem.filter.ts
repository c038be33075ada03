import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { sqlState } from '../database/database.js';
import { AppLogger } from '../observability/app-logger.js';
import { maskUrl } from '../observability/mask.js';
import { RequestLog } from '../observability/request-log.js';
import type { SeenRequest } from '../observability/request-log.js';
import { Problem, unavailable } from './problem.js';

/** 55000, for example, means many things; only the words tell. */
const AWAY_IN_WORDS =
  /connection terminated|timeout exceeded when trying to connect|is not queryable|not (currently|yet) accepting connections/i;
const CONNECTION_LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Postgres away, starting, shutting down, out of connections (classes 08, 57P and 53), closed to us, or only readable while
 * another server takes over (25006); and what the driver says.
 */
export function databaseIsAway(error: unknown): boolean {
  const state = sqlState(error) ?? '';
  if (/^(08|57P|53|25006)/.test(state) || CONNECTION_LOST.has(state)) return true;
  return error instanceof Error && AWAY_IN_WORDS.test(error.message);
}

/** Errors of Fastify itself (body too large, bad content length, …) carry a status of their own. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

const CODES: Record<number, string> = {
  400: 'bad_request',
  404: 'route_not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  414: 'address_too_long',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
};

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (databaseIsAway(error)) return unavailable('the database is not reachable; nothing was lost, try again');
  const status = statusOf(error);
  if (status >= 500)
    return new Problem(500, 'internal_error', 'something went wrong on our side; the request id finds it in the log');
  return new Problem(status, CODES[status] ?? 'bad_request', error instanceof Error ? error.message : 'bad request');
}

/** The one place where errors become answers. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: AppLogger,
    private readonly log: RequestLog,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<SeenRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for what the router refuses before Nest hears of it. */
  answer(error: unknown, request: SeenRequest, reply: FastifyReply): void {
    const problem = asProblem(error);
    const status = problem.getStatus();
    if (status >= 500 && !(error instanceof Problem)) {
      this.logger.error('request failed', { requestId: request.id, url: maskUrl(request.url), error });
    }
    if (reply.sent) return;
    request.seen = { ...request.seen, problem: problem.code };
    this.log.record(request, reply, status);
    void reply
      .status(status)
      .headers({ ...retryAfter(problem), ...problem.extras.headers })
      .type('application/problem+json')
      .send(body(problem, status, request.id));
  }
}

function retryAfter(problem: Problem): Record<string, string> {
  return problem.extras.retryAfter === undefined ? {} : { 'Retry-After': String(Math.ceil(problem.extras.retryAfter)) };
}

function body(problem: Problem, status: number, requestId: string): string {
  return JSON.stringify({
    type: `urn:signalbox:problem:${problem.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: problem.code,
    detail: problem.detail,
    requestId,
    ...(problem.extras.errors ? { errors: problem.extras.errors } : {}),
  });
}
