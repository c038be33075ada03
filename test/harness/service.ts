import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Database } from '../../src/kernel/database/database.js';
import { KeysService } from '../../src/kernel/teams/keys.service.js';
import type { Scope } from '../../src/kernel/teams/scopes.js';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { serve } from '../../src/serve.js';
import type { Service } from '../../src/serve.js';
import { createTestDatabase, dropUnlessFailed } from '../setup/test-database.js';
import type { TestDatabase } from '../setup/test-database.js';
import { ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import { Fal } from './fal.js';
import { Vendor } from './vendor.js';

export interface WorldOptions {
  /** Every interval is multiplied by it; 0.01 makes 2 minutes 1.2 s. */
  factor?: number;
  env?: Record<string, string>;
}

export interface JobAnswer {
  id: string;
  status: string;
  phase: string | null;
  externalId: string | null;
  result: { diarization?: { speaker: string; start: number; end: number }[] } | null;
  error: { code: string; message: string } | null;
  labels: Record<string, string>;
  webhook: boolean;
  nextCheckAt: string | null;
  settledAt: string | null;
}

export interface EventAnswer {
  type: string;
  at: string;
  what: Record<string, unknown>;
  cause: { by: string; delivery?: string; repair?: boolean; key?: string; attempt?: number };
}

const SETTLED = ['succeeded', 'failed', 'canceled', 'expired'];

/** The transport of this run: a Redis with keys of this world alone, or none. */
function queueEnv(): Record<string, string> {
  const url = process.env.SIGNALBOX_TEST_REDIS;
  return url ? { REDIS_URL: url, REDIS_PREFIX: `test-${randomUUID()}` } : { REDIS_URL: '' };
}

/** A database, a vendor's stand-in, and the environment that joins them; the service itself can be started and killed. */
export class World {
  service: Service | null = null;
  private api: ApiClient | null = null;

  private constructor(
    readonly database: TestDatabase,
    readonly sandbox: Sandbox,
    readonly vendor: Vendor,
    readonly fal: Fal,
    readonly home: string,
    readonly env: Record<string, string>,
  ) {}

  static async create(name: string, options: WorldOptions = {}): Promise<World> {
    const factor = options.factor ?? 0.01;
    const database = await createTestDatabase(name);
    const sandbox = await startSandbox({ factor, audioDir: resolve(__dirname, '../../examples/audio') });
    const home = await mkdtemp(join(tmpdir(), 'signalbox-journey-'));
    const env = {
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      SIGNALBOX_HOME: home,
      SIGNALBOX_SANDBOX: 'true',
      // Twice as patient as the vendor is quick, unless told otherwise: on a busy machine too, notices come before questions.
      SIGNALBOX_TIME_FACTOR: String(options.factor ?? factor * 2),
      SIGNALBOX_MASTER_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
      PYANNOTEAI_API_KEY: sandbox.pyannote.apiKey,
      PYANNOTEAI_BASE_URL: sandbox.pyannote.baseUrl,
      PYANNOTEAI_WEBHOOK_SECRETS: sandbox.pyannote.webhookSecret,
      FAL_KEY: sandbox.fal.key,
      FAL_USER_ID: sandbox.fal.userId,
      FAL_BASE_URL: sandbox.fal.queueUrl,
      FAL_REST_BASE_URL: sandbox.fal.restUrl,
      FAL_JWKS_URL: sandbox.fal.jwksUrl,
      FETCH_ALLOW_CIDRS: '127.0.0.0/8',
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
      // Journeys ask as fast as they can, and from one address.
      RATE_LIMIT: '0',
      RATE_LIMIT_REFUSALS: '0',
      ...queueEnv(),
      ...options.env,
    };
    const vendor = new Vendor(sandbox.url, sandbox.pyannote.webhookSecret);
    return new World(database, sandbox, vendor, new Fal(sandbox.url, sandbox.fal), home, env);
  }

  /** Starts the service in this process. */
  async start(more: Record<string, string> = {}): Promise<this> {
    const before = { ...process.env };
    Object.assign(process.env, this.env, more);
    try {
      this.service = await serve();
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    }
    this.api = new ApiClient(this.service.url, await this.key());
    return this;
  }

  async stop(): Promise<void> {
    await this.service?.stop();
    this.service = null;
  }

  async end(): Promise<void> {
    await this.stop();
    await this.sandbox.stop();
    await dropUnlessFailed(this.database);
    await rm(this.home, { recursive: true, force: true });
  }

  get app(): NestFastifyApplication {
    if (!this.service) throw new Error('the service is not running');
    return this.service.app;
  }

  get url(): string {
    if (!this.service) throw new Error('the service is not running');
    return this.service.url;
  }

  /** The API with a key that may do everything. */
  get client(): ApiClient {
    if (!this.api) throw new Error('the service is not running');
    return this.api;
  }

  get db(): Database {
    return this.app.get(Database);
  }

  async key(
    scopes: Scope[] = ['jobs:read', 'jobs:write', 'endpoints:write', 'operate', 'admin'],
    team?: string,
  ): Promise<string> {
    return (await this.app.get(KeysService).create({ name: 'journey', scopes, team, actor: 'test' })).key;
  }

  async team(name: string): Promise<void> {
    await this.db.execute('insert into teams (id, name) values (gen_random_uuid(), $1)', [name]);
  }

  async diarize(body: Record<string, unknown> = {}, headers?: Record<string, string>): Promise<JobAnswer> {
    const made = await this.client.post<JobAnswer>('/v1/diarizations', { url: this.vendor.audio, ...body }, headers);
    if (made.status !== 202 && made.status !== 200)
      throw new Error(`not accepted: ${made.status} ${JSON.stringify(made.body)}`);
    return made.body;
  }

  async job(id: string): Promise<JobAnswer> {
    return (await this.client.get<JobAnswer>(`/v1/jobs/${id}`)).body;
  }

  async events(id: string): Promise<EventAnswer[]> {
    return (await this.client.get<{ items: EventAnswer[] }>(`/v1/jobs/${id}/events?limit=100`)).body.items;
  }

  /** The job once it is in one of these states. */
  async until(id: string, statuses: string | readonly string[] = SETTLED, deadlineMs?: number): Promise<JobAnswer> {
    const wanted = typeof statuses === 'string' ? [statuses] : statuses;
    const seen: { job?: JobAnswer } = {};
    try {
      return await eventually(
        `job ${id} is ${wanted.join(' or ')}`,
        async () => {
          seen.job = await this.job(id);
          return wanted.includes(seen.job.status) ? seen.job : undefined;
        },
        deadlineMs,
      );
    } catch (error) {
      throw new Error(
        `${String(error)}\n${JSON.stringify(seen.job)}\n${JSON.stringify(await this.events(id), null, 1)}`,
        { cause: error },
      );
    }
  }

  async metric(line: RegExp): Promise<number> {
    const text = (await this.client.get<string>('/metrics')).body;
    const found = text.split('\n').find((candidate) => line.test(candidate));
    return found === undefined ? 0 : Number(found.slice(found.lastIndexOf(' ') + 1));
  }
}
