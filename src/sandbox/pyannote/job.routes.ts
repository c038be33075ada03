import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Reply } from '../answers.js';
import { type FaultStore, type Occasion } from '../faults/fault-store.js';
import { entryOf } from '../record.routes.js';
import { problem, type PyannoteAnswers } from './answer.js';
import { occasionOf, VENDOR } from './fault-catalogue.js';
import type { JobRunner } from './job-runner.js';
import { type JobStore } from './job-store.js';
import { type JobType, jobView, newJob } from './job.js';
import { isSubmit, submitErrors } from './validation.js';

export interface JobRooms {
  jobs: JobStore;
  runner: JobRunner;
  faults: FaultStore;
}

export function submitRoutes(scope: FastifyInstance, answers: PyannoteAnswers, rooms: JobRooms): void {
  for (const type of ['diarize', 'identify', 'voiceprint'] as const) {
    scope.post(`/v1/${type}`, (request, reply) =>
      answers.give(request, reply, 'submit', urlsIn(request.body), () => submit(type, request, rooms)),
    );
  }
}

async function submit(type: JobType, request: FastifyRequest, { jobs, runner, faults }: JobRooms): Promise<Reply> {
  const { body } = request;
  if (!isSubmit(type, body)) {
    return { code: 400, body: { message: 'The request is not valid', errors: submitErrors(type, body) } };
  }
  const job = newJob(type, body);
  jobs.add(job);
  const entry = entryOf(request);
  if (entry !== undefined) entry.jobId = job.jobId;
  const answer = { code: 200, body: { jobId: job.jobId, status: job.status } };
  runner.decideFate(job, 'anyone');
  if (faults.take(VENDOR, 'before-answer', occasionOf(job)) === undefined) runner.start(job);
  else {
    job.faults.push('before-answer');
    await runner.runAtOnce(job);
  }
  return answer;
}

export function readRoutes(scope: FastifyInstance, answers: PyannoteAnswers, { jobs, runner }: JobRooms): void {
  scope.get('/v1/test', (request, reply) =>
    answers.give(request, reply, 'test', {}, () => ({ code: 200, body: { status: 'OK', message: 'The key works' } })),
  );

  scope.get<{ Params: { jobId: string } }>('/v1/jobs/:jobId', (request, reply) => {
    const { jobId } = request.params;
    const job = jobs.get(jobId);
    const entry = entryOf(request);
    if (entry !== undefined) entry.jobId = jobId;
    return answers.give(request, reply, 'get', job === undefined ? { jobId } : occasionOf(job), () =>
      job === undefined || runner.isForgotten(job)
        ? problem(404, 'There is no such job')
        : { code: 200, body: jobView(job) },
    );
  });
}

function urlsIn(body: unknown): Occasion {
  const { url, webhook } = (body ?? {}) as Record<string, unknown>;
  return { urls: [url, webhook].filter((value) => typeof value === 'string') };
}
