import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Reply } from '../answers.js';
import { numberOf } from '../faults/fault-store.js';
import { entryOf } from '../record.routes.js';
import type { Timers } from '../timers.js';
import { type FalAnswers, NOT_FOUND, problem } from './answer.js';
import type { Fate } from './fates.js';
import { occasionOf, type Place } from './fault-catalogue.js';
import type { Job } from './job.js';
import { compact } from './python-json.js';
import { stageOf, statusView } from './status.js';
import { statusStream } from './status-stream.js';
import { APPS, type QueueRooms } from './submit.routes.js';

type ById = { Params: { id: string }; Querystring: { logs?: string } };
type ForJob = (job: Job, fate: Fate, request: FastifyRequest<ById>) => Reply;

/** Everything about a request that was submitted, below the app alone and below its full id. */
export function requestRoutes(
  queue: FastifyInstance,
  answers: FalAnswers,
  rooms: QueueRooms & { timers: Timers },
): void {
  const { jobs, fates, runner } = rooms;

  const handle = (place: Place, work: ForJob) => (request: FastifyRequest<ById>, reply: FastifyReply) => {
    const { id } = request.params;
    const job = jobs.get(id);
    const entry = entryOf(request);
    if (entry !== undefined) entry.jobId = id;
    return answers.give(request, reply, place, job === undefined ? { jobId: id } : occasionOf(job), () => {
      const fate = job === undefined ? {} : fates.of(job);
      if (job === undefined || fate.forget !== undefined) return NOT_FOUND;
      const answer = work(job, fate, request);
      return { ...answer, headers: { ...answer.headers, 'x-fal-request-id': id } };
    });
  };

  const status = handle('status', (job, fate, { query }) => {
    const shown = { position: jobs.positionOf(job), logs: query.logs === '1' ? job.logs : null };
    return { code: stageOf(job, fate) === 'COMPLETED' ? 200 : 202, body: statusView(job, fate, shown) };
  });
  const stream = handle('stream', (job, _fate, { query }) => ({
    code: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
    body: Readable.from(statusStream(job, query.logs === '1', rooms)),
  }));
  const cancel = handle('cancel', (job) =>
    runner.cancel(job)
      ? { code: 202, body: { status: 'CANCELLATION_REQUESTED' } }
      : { code: 400, body: { status: 'ALREADY_COMPLETED' } },
  );
  const result = handle('result', resultOf);

  for (const app of APPS) {
    const base = `${app}/requests/:id`;
    queue.get<ById>(base, result);
    queue.get<ById>(`${base}/response`, result);
    queue.get<ById>(`${base}/status`, status);
    queue.get<ById>(`${base}/status/stream`, stream);
    queue.put<ById>(`${base}/cancel`, cancel);
  }
}

/** What the model answered. Before its end the vendor's answer is not documented; this one is not 2xx. */
function resultOf(job: Job, { 'result-expired': expired }: Fate): Reply {
  const { outcome } = job;
  if (outcome === null) return problem(400, 'Request is still in progress');
  if (expired !== undefined) return problem(numberOf(expired, 'code', 404), 'The result of this request has expired');
  if ('output' in outcome) {
    return { code: 200, headers: { 'content-type': 'application/json' }, body: compact(outcome.output) };
  }
  const { code, detail, errorType } = outcome;
  const type = errorType === undefined ? {} : { error_type: errorType };
  return { code, headers: errorType === undefined ? {} : { 'x-fal-error-type': errorType }, body: { detail, ...type } };
}
