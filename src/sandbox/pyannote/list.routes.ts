import type { FastifyInstance } from 'fastify';
import type { Reply } from '../answers.js';
import type { PyannoteAnswers } from './answer.js';
import type { JobStore } from './job-store.js';
import { type JobStatus, STATUSES } from './job.js';
import type { FieldError } from './validation.js';

/** Named parts of a query string; a name given twice arrives as a list and is refused like any other nonsense. */
type Query = Record<string, string | string[] | undefined>;

export function listRoutes(scope: FastifyInstance, answers: PyannoteAnswers, jobs: JobStore): void {
  scope.get<{ Querystring: Query }>('/v2/jobs', (request, reply) =>
    answers.give(request, reply, 'list', {}, () => list(request.query, jobs)),
  );
}

function list({ limit = '10', cursor, status }: Query, jobs: JobStore): Reply {
  const errors: FieldError[] = [];
  const count = Number(limit);
  if (!(Number.isInteger(count) && count >= 1 && count <= 100)) {
    errors.push({ field: 'limit', message: 'must be a whole number from 1 to 100' });
  }
  if (status !== undefined && !isStatus(status)) {
    errors.push({ field: 'status', message: `must be one of ${STATUSES.join(', ')}` });
  }
  const wanted = isStatus(status) ? status : undefined;
  const page = errors.length > 0 ? null : jobs.page(count, cursor === undefined ? undefined : String(cursor), wanted);
  if (page !== null) return { code: 200, body: page };
  if (errors.length === 0) errors.push({ field: 'cursor', message: 'is not a job of this team' });
  return { code: 400, body: { message: 'The request is not valid', errors } };
}

function isStatus(status: unknown): status is JobStatus {
  return STATUSES.some((known) => known === status);
}
