import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Reply } from '../answers.js';
import type { FaultStore } from '../faults/fault-store.js';
import { entryOf } from '../record.routes.js';
import { originOf, requestUrls } from './addresses.js';
import { type FalAnswers, LOCKED, problem } from './answer.js';
import type { Fates } from './fates.js';
import { occasionOf, textsIn, VENDOR } from './fault-catalogue.js';
import { newJob } from './job.js';
import type { JobRunner } from './job-runner.js';
import type { JobStore } from './job-store.js';
import { TRAINERS } from './trainers.js';
import { findings } from './validation.js';

export interface QueueRooms {
  jobs: JobStore;
  runner: JobRunner;
  fates: Fates;
  faults: FaultStore;
}

/** An app may have a path below it; no trainer has more than one. */
export const APPS = ['/:owner/:app', '/:owner/:app/:path'];

type Submit = {
  Params: { owner: string; app: string; path?: string };
  Querystring: { fal_webhook?: string; fal_max_queue_length?: string };
};

export function submitRoutes(queue: FastifyInstance, answers: FalAnswers, rooms: QueueRooms): void {
  for (const app of APPS) {
    queue.post<Submit>(app, (request, reply) => {
      const urls = [endpointOf(request), request.query.fal_webhook, ...textsIn(inputOf(request))];
      return answers.give(request, reply, 'submit', { urls }, () => submit(request, urls, rooms));
    });
  }
}

async function submit(
  request: FastifyRequest<Submit>,
  urls: readonly (string | undefined)[],
  { jobs, runner, fates, faults }: QueueRooms,
): Promise<Reply> {
  const [endpoint, input] = [endpointOf(request), inputOf(request)];
  const { fal_webhook: webhook, fal_max_queue_length: most } = request.query;
  if (faults.take(VENDOR, 'locked', { urls }) !== undefined) return LOCKED;
  const trainer = TRAINERS[endpoint];
  if (trainer === undefined) return problem(404, `Application '${endpoint.replace(/^[^/]+\//, '')}' not found`);
  const waiting = jobs.waitingFor(endpoint.split('/').slice(0, 2).join('/')).length;
  if (most !== undefined && waiting > Number(most)) return problem(429, 'The queue is longer than allowed');
  const wrong = findings(trainer, input);
  if (wrong.length > 0 && faults.take(VENDOR, 'refuse-at-submit', { urls }) !== undefined) {
    return { code: 422, body: { detail: wrong } };
  }
  const priority = String(request.headers['x-fal-queue-priority'] ?? 'normal');
  const job = newJob({ endpoint, input, webhook: webhook ?? null, priority, origin: originOf(request) });
  jobs.add(job);
  const entry = entryOf(request);
  if (entry !== undefined) entry.jobId = job.requestId;
  const body = {
    status: 'IN_QUEUE',
    request_id: job.requestId,
    ...requestUrls(job),
    queue_position: jobs.positionOf(job),
    logs: null,
    metrics: {},
  };
  fates.decide(job);
  if (faults.take(VENDOR, 'before-answer', occasionOf(job)) === undefined) runner.start(job);
  else {
    job.faults.push('before-answer');
    await runner.runAtOnce(job);
  }
  return { code: 200, headers: { 'x-fal-request-id': job.requestId }, body };
}

function endpointOf({ params }: FastifyRequest<Submit>): string {
  return [params.owner, params.app, params.path].filter((part) => part !== undefined).join('/');
}

function inputOf({ body }: FastifyRequest): Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
}
