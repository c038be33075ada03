import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { CRASH_POINTS } from '../src/kernel/config/crash-point.js';
import type { CrashPoint } from '../src/kernel/config/crash-point.js';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { brokenNotifications } from './harness/notification-promises.js';
import { brokenPromises } from './harness/promise-checker.js';
import { insertKey } from './harness/raw-key.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';
import { Subscriber } from './harness/subscriber.js';

/** A minute passes in 1.2 s; leases and time-outs never last under 2 s. */
const FACTOR = 0.02;
/** One boundary of each promise that a crash could break; all of them by `npm run chaos`. */
const SMALL: readonly CrashPoint[] = ['submit.asked', 'notice.stored', 'notification.sent'];
const POINTS = process.env.SIGNALBOX_CHAOS === 'true' ? CRASH_POINTS : SMALL;
/** How many of these worlds stand side by side: they mostly wait for leases to run out. */
const SIDE_BY_SIDE = 4;

/**
 * Whether the vendor took it is unclear, so nobody sends it again by himself (promise 6). Here the vendor heard nothing: a
 * person looks there, and puts it back.
 */
async function putBack(api: ApiClient, id: string): Promise<void> {
  await eventually(
    'the job is unconfirmed',
    async () => (await api.get<JobAnswer>(`/v1/jobs/${id}`)).body.status === 'unconfirmed',
    60_000,
  );
  const { status } = await api.post(`/v1/jobs/${id}/resolve`, { to: 'queued', reason: 'the vendor shows no such job' });
  expect(status).toBe(200);
}

/** One life: a process that dies at the point, one that comes after it, and what is left in the end. */
async function dieAt(point: CrashPoint): Promise<string[]> {
  const world = await World.create(`crash ${point}`, { factor: FACTOR });
  const db = new Client({ connectionString: world.database.url });
  const subscriber = await Subscriber.start();
  let survivor: ServiceProcess | null = null;
  try {
    await migrate(world.database.url);
    await db.connect();
    const key = await insertKey(db, ['jobs:read', 'jobs:write', 'endpoints:write', 'operate']);
    const port = await freePort();
    if (point.startsWith('check.')) await world.vendor.fault('lose');
    // Only its notice can tell of this job, and the vendor gives up after 7 s of this world.
    if (point === 'submit.answered') await world.vendor.fault('processing', { ms: 6_000 });

    const victim = await ServiceProcess.start({ ...world.env, SIGNALBOX_CRASH_AT: point }, port).ready();
    const api = new ApiClient(victim.url, key);
    expect((await api.post('/v1/endpoints', { url: subscriber.url })).status).toBe(201);
    const order = { url: world.vendor.audio };
    const idempotencyKey = randomUUID();
    const submit = () => api.post<JobAnswer>('/v1/diarizations', order, { 'Idempotency-Key': idempotencyKey });
    const first = await submit().catch(() => null);
    expect(await victim.ended).toBe('SIGKILL');

    survivor = await ServiceProcess.start(world.env, port).ready();
    const again = await submit();
    if (first) expect(again.body.id).toBe(first.body.id);
    if (point === 'submit.asked') {
      expect((await world.vendor.record()).jobs).toEqual([]);
      await putBack(api, again.body.id);
    }
    const settled = await eventually(
      `the job is settled after a death at ${point}`,
      async () => {
        const { body } = await api.get<JobAnswer>(`/v1/jobs/${again.body.id}`);
        return body.status === 'succeeded' ? body : undefined;
      },
      60_000,
    );
    expect(settled.result?.diarization?.length).toBeGreaterThan(0);
    const open = 'select 1 from deliveries where outcome is null';
    await eventually('every notice is closed', async () => (await db.query(open)).rows.length === 0, 60_000);
    const waiting = `select 1 from notifications where state = 'waiting'`;
    await eventually('the subscriber is told', async () => (await db.query(waiting)).rows.length === 0, 60_000);
    const evidence = {
      query: async <T>(sql: string, parameters?: unknown[]) => (await db.query(sql, parameters)).rows as T[],
      record: await world.vendor.record(),
      webhookSecrets: [world.vendor.webhookSecret],
    };
    return [...(await brokenPromises(evidence)), ...(await brokenNotifications(evidence, subscriber.received))];
  } finally {
    await survivor?.kill('SIGTERM');
    await subscriber.down();
    await db.end();
    await world.end();
  }
}

describe('A process that is killed with -9', () => {
  const lives = new Map<CrashPoint, Promise<string[]>>();

  beforeAll(() => {
    // All lives run in the background, a few at a time; each test below waits for its own.
    const waiting = [...POINTS];
    const finish = new Map<CrashPoint, { resolve: (v: string[]) => void; reject: (e: unknown) => void }>();
    for (const point of POINTS) {
      const life = new Promise<string[]>((resolve, reject) => finish.set(point, { resolve, reject }));
      life.catch(() => undefined);
      lives.set(point, life);
    }
    const worker = async () => {
      for (let point = waiting.shift(); point; point = waiting.shift()) {
        const { resolve, reject } = finish.get(point) ?? {};
        await dieAt(point).then(resolve, reject);
      }
    };
    for (let i = 0; i < SIDE_BY_SIDE; i++) void worker();
  });

  it.each(POINTS)(
    'at %s breaks no promise',
    async (point) => {
      expect(await lives.get(point)).toEqual([]);
    },
    120_000,
  );
});
