import { setInterval as ticks } from 'node:timers/promises';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { brokenPromises } from './harness/promise-checker.js';
import { RedisServer } from './harness/redis-server.js';
import { World } from './harness/service.js';
import { describeWithRedis } from './harness/with-redis.js';

/** 20 for the whole show; the suite is content with less. */
const SECONDS = Number(process.env.SIGNALBOX_OUTAGE_SECONDS ?? 5);
const A_SECOND = 50;
/** Nobody waits for Redis; this is room for a busy machine. */
const NO_HANG_MS = 3_000;

interface Health {
  status: string;
  details: { redis?: { status: string; message?: string }; postgres?: { status: string } };
}

describeWithRedis('Redis, under 50 notices a second,', () => {
  let redis: RedisServer;
  let world: World;
  let inbox: Inbox;
  let vendorJobs: string[];
  let number = 0;

  beforeAll(async () => {
    redis = await RedisServer.start();
    world = await World.create('bull outage', { env: { REDIS_URL: redis.url, REDIS_PREFIX: 'outage' } });
    await world.start();
    inbox = new Inbox(world);
    const made = await Promise.all(Array.from({ length: 4 }, () => world.diarize()));
    vendorJobs = await Promise.all(made.map(async ({ id }) => (await world.until(id)).externalId ?? ''));
  });

  afterAll(async () => {
    redis.thaw();
    await world.end();
    await redis.kill();
  });

  afterEach(async () => {
    await eventually('every notice is closed', async () => (await open()) === 0, 60_000);
    expect(await count('deliveries')).toBe(await count('delivery_ids'));
    expect(
      await brokenPromises({
        query: (sql, parameters) => world.db.query(sql, parameters),
        record: await world.vendor.record(),
        webhookSecrets: [world.vendor.webhookSecret],
      }),
    ).toEqual([]);
  });

  it.each<[string, () => void | Promise<void>, () => void | Promise<void>]>([
    ['frozen', () => redis.freeze(), () => redis.thaw()],
    ['killed', () => redis.kill(), () => redis.restart()],
  ])(
    'may be %s for seconds: nothing is lost, no request waits, health says so',
    async (_how, takeAway, giveBack) => {
      const before = await count('deliveries');
      const load = sendNotices(SECONDS * A_SECOND);
      await takeAway();
      const during = await eventually('health tells', async () => {
        const answer = await world.client.get<Health>('/health');
        return answer.status === 503 && answer.body;
      });
      expect(during.details).toMatchObject({ postgres: { status: 'up' }, redis: { status: 'down' } });
      expect(during.details.redis?.message).toMatch(/^Redis takes the connection and|^nothing answers where REDIS_URL/);
      expect((await world.client.get('/health/ready')).status).toBe(200);
      await eventually('the metric tells', async () => (await world.metric(/^signalbox_redis_up /)) === 0);
      // Work goes on without bells.
      await world.until((await world.diarize()).id, 'succeeded');

      const slowest = await load;
      await giveBack();
      expect(slowest).toBeLessThan(NO_HANG_MS);
      await eventually('health is well', async () => (await world.client.get('/health')).status === 200);
      await eventually('the metric is well', async () => (await world.metric(/^signalbox_redis_up /)) === 1);
      expect(await count('deliveries')).toBeGreaterThanOrEqual(before + SECONDS * A_SECOND);
      await world.until((await world.diarize()).id, 'succeeded');
    },
    60_000 + SECONDS * 1_000,
  );

  it.each<[string, () => Promise<void>]>([
    ['emptied', () => redis.flush()],
    ['replaced by an empty one', () => redis.restart()],
  ])(
    'may be %s: what was in it is found by the sweep',
    async (_how, loseAll) => {
      const load = sendNotices(3 * A_SECOND);
      const made = [];
      for (let round = 0; round < 6; round++) {
        made.push(await world.diarize());
        await loseAll();
      }
      await load;
      for (const { id } of made) await world.until(id, 'succeeded', 60_000);
    },
    60_000,
  );

  it('may be away at SIGTERM: the process ends all the same', async () => {
    redis.freeze();
    const load = sendNotices(A_SECOND);
    await load;
    const started = Date.now();
    await world.stop();
    expect(Date.now() - started).toBeLessThan(10_000);
    await redis.kill();
    await world.start();
    await world.stop();
    await redis.restart();
    await world.start();
  }, 60_000);

  /** Each of them news, signed by the vendor. Resolves with the longest answer in milliseconds. */
  async function sendNotices(total: number): Promise<number> {
    const answers: Promise<number>[] = [];
    for await (const _tick of ticks(1_000 / A_SECOND)) {
      const started = Date.now();
      const notice = { jobId: vendorJobs[number % vendorJobs.length], status: 'running', n: (number += 1) };
      answers.push(inbox.sendWell(notice).then(() => Date.now() - started));
      if (answers.length === total) break;
    }
    return Math.max(...(await Promise.all(answers)));
  }

  async function count(table: string): Promise<number> {
    const [row] = await world.db.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    return row?.n ?? 0;
  }

  const open = () => count('deliveries where outcome is null');
});
