import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { brokenNotifications } from './harness/notification-promises.js';
import { brokenPromises } from './harness/promise-checker.js';
import { insertKey } from './harness/raw-key.js';
import { RedisServer } from './harness/redis-server.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';
import { Subscriber } from './harness/subscriber.js';
import { describeWithRedis } from './harness/with-redis.js';

const JOBS = 60;

describeWithRedis('One api and two workers over one Postgres and one Redis', () => {
  let redis: RedisServer;
  let world: World;
  let db: Client;
  let api: ServiceProcess;
  let workers: ServiceProcess[];
  let client: ApiClient;
  let subscriber: Subscriber;

  beforeAll(async () => {
    redis = await RedisServer.start();
    subscriber = await Subscriber.start();
    const port = await freePort();
    world = await World.create('roles fleet', {
      factor: 0.02,
      env: { REDIS_URL: redis.url, REDIS_PREFIX: 'fleet', PUBLIC_URL: `http://127.0.0.1:${port}` },
    });
    world.env.FILES_DIR = `${world.home}/files`;
    await migrate(world.database.url);
    db = new Client({ connectionString: world.database.url });
    await db.connect();
    client = new ApiClient(
      world.env.PUBLIC_URL ?? '',
      await insertKey(db, ['jobs:read', 'jobs:write', 'endpoints:write']),
    );
    const start = (role: string, at: number) => ServiceProcess.start({ ...world.env, ROLE: role }, at).ready();
    api = await start('api', port);
    workers = [await start('worker', await freePort()), await start('worker', await freePort())];
  });

  afterAll(async () => {
    for (const service of [...workers, api]) await service.kill('SIGKILL');
    await db.end();
    await world.end();
    await redis.kill();
    await subscriber.down();
  });

  it('settles every job once, though one worker is killed with -9 in the middle of its work', async () => {
    expect((await client.post('/v1/endpoints', { url: subscriber.url })).status).toBe(201);
    const made = await Promise.all(
      Array.from({ length: JOBS }, () => client.post<JobAnswer>('/v1/diarizations', { url: world.vendor.audio })),
    );
    expect(new Set(made.map((answer) => answer.status))).toEqual(new Set([202]));

    const [victim, survivor] = workers as [ServiceProcess, ServiceProcess];
    await eventually('both workers have submitted', async () => {
      const submits = await Promise.all(workers.map((worker) => metric(worker, /^signalbox_submits_total/)));
      return submits.every((count) => count > 0);
    });
    await victim.kill('SIGKILL');
    expect(await metric(survivor, /^signalbox_submits_total/)).toBeLessThan(JOBS);

    const isSettled = async () => {
      await putBackWhatTheVendorNeverHeardOf();
      return (await count(`settled_at is null`)) === 0;
    };
    await eventually('every job is settled', isSettled, 60_000);
    await eventually(
      'every notice is closed',
      async () => (await db.query('select 1 from deliveries where outcome is null')).rows.length === 0,
      30_000,
    );
    expect(await count(`status = 'succeeded'`)).toBe(JOBS);
    await eventually(
      'the subscriber is told of all',
      async () => (await db.query(`select 1 from notifications where state = 'waiting'`)).rows.length === 0,
      30_000,
    );
    const evidence = {
      query: async <T>(sql: string, parameters?: unknown[]) => (await db.query(sql, parameters)).rows as T[],
      record: await world.vendor.record(),
      webhookSecrets: [world.vendor.webhookSecret],
    };
    expect(await brokenPromises(evidence)).toEqual([]);
    expect(await brokenNotifications(evidence, subscriber.received)).toEqual([]);
    expect(new Set(subscriber.received.map(({ headers }) => headers['webhook-id'])).size).toBe(JOBS);
    // The api only rang.
    expect(await metric(api, /^signalbox_unit_duration_seconds_count/)).toBe(0);
  }, 150_000);

  it('lets a worker answer for itself and for nothing else', async () => {
    const worker = workers[1] as ServiceProcess;
    const { status, body } = await new ApiClient(worker.url).get<{ links: object }>('/');
    expect({ status, links: body.links }).toEqual({ status: 200, links: { health: '/health', metrics: '/metrics' } });
    expect((await new ApiClient(worker.url).get('/health')).body).toMatchObject({ status: 'ok' });
    const closed = ['/v1/jobs', '/v1/jobs/x', '/docs', '/docs-json', '/webhooks/pyannote', '/nothing'];
    for (const path of closed) {
      const answer = await new ApiClient(worker.url).get<{ code: string }>(path);
      expect({ path, status: answer.status, code: answer.body.code }).toEqual({
        path,
        status: 404,
        code: 'route_not_found',
      });
    }
    const notice = await new ApiClient(worker.url).post<{ code: string }>('/webhooks/pyannote', '{}');
    expect(notice.body.code).toBe('route_not_found');
  });

  it('stops cleanly at SIGTERM, in every role', async () => {
    const [, worker] = workers as [ServiceProcess, ServiceProcess];
    for (const service of [worker, api]) {
      await service.kill('SIGTERM');
      expect(await service.ended).toBe(0);
    }
  });

  /** Killed between `asking` and the request: nobody sends such a job again by himself (promise 6), so a person does. */
  async function putBackWhatTheVendorNeverHeardOf(): Promise<void> {
    const unclear = await db.query<{ id: string }>(
      `select id from jobs where status = 'unconfirmed' and external_id is null`,
    );
    if (unclear.rows.length === 0) return;
    const { jobs } = await world.vendor.record();
    for (const { id } of unclear.rows) {
      if (jobs.some(({ request }) => request.webhook?.includes(id))) continue;
      await client.post(`/v1/jobs/${id}/resolve`, { to: 'queued', reason: 'the vendor shows no such job' });
    }
  }

  async function count(where: string): Promise<number> {
    return (await db.query(`select 1 from jobs where ${where}`)).rows.length;
  }

  async function metric(service: ServiceProcess, line: RegExp): Promise<number> {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    const found = text.split('\n').filter((candidate) => line.test(candidate));
    return found.reduce((sum, one) => sum + Number(one.slice(one.lastIndexOf(' ') + 1)), 0);
  }
});
