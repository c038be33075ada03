import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance } from 'fastify';
import { Answers } from '../answers.js';
import type { FaultStore } from '../faults/fault-store.js';
import { Courier } from '../notices/courier.js';
import { watchRequests } from '../record.routes.js';
import type { SandboxRecord } from '../record.js';
import type { Timers } from '../timers.js';
import { type FalAnswers, problem } from './answer.js';
import { Fates } from './fates.js';
import { registerFaults, VENDOR } from './fault-catalogue.js';
import { FileStore } from './file-store.js';
import { filesRoutes } from './files.routes.js';
import { guardWithKey } from './gate.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import { jobRecord } from './job-record.js';
import { jwksRoutes, keyRoutes } from './jwks.routes.js';
import { KeyRing } from './key-ring.js';
import { noticeRoutes } from './notice.routes.js';
import { Notices } from './notices.js';
import { Archives } from './outputs/archives.js';
import { Training } from './outputs/training.js';
import { readJson } from './read-json.js';
import { requestRoutes } from './request.routes.js';
import type { RetryPolicy } from './retry-policy.js';
import { sampleRoutes } from './sample.routes.js';
import { storageRoutes, uploadRoutes } from './storage.routes.js';
import { submitRoutes } from './submit.routes.js';
import { Uploads } from './uploads.js';

export interface FalOptions {
  key?: string;
  userId?: string;
  retryPolicy?: RetryPolicy;
  /** Size of a trained model. */
  modelBytes?: number;
  /** Whether keys carry a `kid`. */
  keyIds?: boolean;
}

export interface SandboxRooms {
  record: SandboxRecord;
  faults: FaultStore;
  timers: Timers;
  folder: string;
}

export interface Fal {
  key: string;
  userId: string;
  mount(vendor: FastifyInstance): void;
  mountAdmin(admin: FastifyInstance): void;
  stop(): void;
}

const FIRST_ANSWER_WITHIN = 15_000;
const LATER_ANSWER_WITHIN = 120_000;
const SHORTEST_WAIT = 1_000;
const MODEL_BYTES = 256 * 1024;

export function createFal(options: FalOptions, { record, faults, timers, folder }: SandboxRooms): Fal {
  const { key = newKey(), userId = `user-${randomBytes(8).toString('hex')}`, retryPolicy = 'new' } = options;
  const patience = (attempt: number) =>
    Math.max(SHORTEST_WAIT, timers.scaled(attempt === 1 ? FIRST_ANSWER_WITHIN : LATER_ANSWER_WITHIN));
  const courier = new Courier(record, timers, patience);
  const archives = new Archives(folder);
  const files = new FileStore();
  const uploads = new Uploads(folder, files);
  const keys = new KeyRing(options.keyIds === true);
  const jobs = new JobStore();
  const fates = new Fates(faults);
  const training = new Training(archives, files, options.modelBytes ?? MODEL_BYTES);
  const otherOutput = (job: Parameters<Training['output']>[0]) => training.output(job, fates.of(job), 'second');
  const notices = new Notices({ courier, faults, timers, keys, userId, otherOutput }, retryPolicy);
  const runner = new JobRunner(training, notices, fates, timers);
  const answers: FalAnswers = new Answers(VENDOR, problem, { faults, timers, record });
  const rooms = { jobs, runner, fates, faults, timers, files };
  registerFaults(faults);
  record.jobsComeFrom(() => jobs.all().map(jobRecord));

  function mountPublic(scope: FastifyInstance): void {
    jwksRoutes(scope, answers, keys, faults);
    filesRoutes(scope, answers, rooms);
    void scope.register((bytes, _options, done) => {
      uploadRoutes(bytes, answers, uploads);
      done();
    });
  }

  function mountKeyed(scope: FastifyInstance): void {
    guardWithKey(scope, key);
    void scope.register(
      (queue, _options, done) => {
        submitRoutes(queue, answers, rooms);
        requestRoutes(queue, answers, rooms);
        done();
      },
      { prefix: '/queue' },
    );
    storageRoutes(scope, answers, uploads);
  }

  return {
    key,
    userId,
    mount(vendor) {
      watchRequests(vendor, record);
      readJson(vendor);
      speakInItsErrors(vendor);
      void vendor.register((scope, _options, done) => done(void mountKeyed(scope)));
      void vendor.register((scope, _options, done) => done(void mountPublic(scope)));
    },
    mountAdmin(admin) {
      noticeRoutes(admin, jobs, notices);
      keyRoutes(admin, keys);
      sampleRoutes(admin);
    },
    stop() {
      archives.stop();
      courier.stop();
    },
  };
}

function newKey(): string {
  return `${randomUUID()}:${randomBytes(16).toString('hex')}`;
}

function speakInItsErrors(vendor: FastifyInstance): void {
  vendor.setErrorHandler((error: FastifyError, _request, reply) => {
    const { code, body } = problem(error.statusCode ?? 500, error.message);
    return reply.code(code).send(body);
  });
  vendor.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: 'Path not found' }));
}
