import { randomBytes } from 'node:crypto';
import type { FastifyError, FastifyInstance } from 'fastify';
import { Answers } from '../answers.js';
import { Ears } from '../audio/ears.js';
import type { FaultStore } from '../faults/fault-store.js';
import { Courier } from '../notices/courier.js';
import { watchRequests } from '../record.routes.js';
import type { SandboxRecord } from '../record.js';
import { RequestWindow } from '../request-window.js';
import type { Timers } from '../timers.js';
import { problem, type PyannoteAnswers } from './answer.js';
import { registerFaults, VENDOR } from './fault-catalogue.js';
import { guardWithKey } from './gate.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import { readRoutes, submitRoutes } from './job.routes.js';
import { listRoutes } from './list.routes.js';
import { MediaStore } from './media-store.js';
import { mediaRoutes, storageRoutes } from './media.routes.js';
import { noticeRoutes } from './notice.routes.js';
import { Notices } from './notices.js';
import { answerJobs } from './outputs/answer-job.js';

export interface PyannoteOptions {
  apiKey?: string;
  webhookSecret?: string;
}

export interface SandboxRooms {
  record: SandboxRecord;
  faults: FaultStore;
  timers: Timers;
  folder: string;
}

export interface Pyannote {
  apiKey: string;
  webhookSecret: string;
  mount(vendor: FastifyInstance): void;
  mountAdmin(admin: FastifyInstance): void;
  stop(): void;
}

const WINDOW = 60_000;
const ANSWER_WITHIN = 10_000;
const SHORTEST_WAIT = 1_000;

export function createPyannote(options: PyannoteOptions, { record, faults, timers, folder }: SandboxRooms): Pyannote {
  const apiKey = options.apiKey ?? `sk_${randomBytes(16).toString('hex')}`;
  const webhookSecret = options.webhookSecret ?? `whs_${randomBytes(16).toString('hex')}`;
  const ears = new Ears();
  const jobs = new JobStore();
  const media = new MediaStore(folder, timers);
  const courier = new Courier(record, timers, () => Math.max(SHORTEST_WAIT, timers.scaled(ANSWER_WITHIN)));
  const notices = new Notices(courier, faults, timers, webhookSecret);
  const runner = new JobRunner(answerJobs(ears, media.source), notices, faults, timers);
  const answers: PyannoteAnswers = new Answers(VENDOR, problem, { faults, timers, record });
  const window = new RequestWindow(timers.scaled(WINDOW));
  registerFaults(faults);
  record.jobsComeFrom(() => jobs.all().map((job) => ({ vendor: VENDOR, ...job })));

  return {
    apiKey,
    webhookSecret,
    mount(vendor) {
      watchRequests(vendor, record);
      speakInItsErrors(vendor);
      void vendor.register((scope, _options, done) => {
        guardWithKey(scope, apiKey, window);
        submitRoutes(scope, answers, { jobs, runner, faults });
        readRoutes(scope, answers, { jobs, runner, faults });
        listRoutes(scope, answers, jobs);
        mediaRoutes(scope, answers, media);
        done();
      });
      void vendor.register((scope, _options, done) => {
        storageRoutes(scope, answers, media);
        done();
      });
    },
    mountAdmin: (admin) => noticeRoutes(admin, jobs, notices),
    stop() {
      ears.stop();
      courier.stop();
    },
  };
}

function speakInItsErrors(vendor: FastifyInstance): void {
  vendor.setErrorHandler((error: FastifyError, _request, reply) => {
    const { code, body } = problem(error.statusCode ?? 500, error.message);
    return reply.code(code).send(body);
  });
  vendor.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'Not found' }));
}
