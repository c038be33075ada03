import { Client } from 'pg';
import { migrate } from '../src/kernel/database/data-source.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { insertKey } from './harness/raw-key.js';
import { RedisServer } from './harness/redis-server.js';
import { World } from './harness/service.js';
import { ServiceProcess, freePort } from './harness/service-process.js';
import { describeWithRedis } from './harness/with-redis.js';

const LIMIT = 20;
/** Nobody waits for Redis; this is room for a busy machine. */
const NO_HANG_MS = 2_000;

interface Said {
  status: number;
  /** What is left, by the header. */
  left: number;
  ms: number;
}

describeWithRedis('Two processes that answer, over one Redis,', () => {
  let redis: RedisServer;
  let world: World;
  let db: Client;
  let fleet: ServiceProcess[];

  beforeAll(async () => {
    redis = await RedisServer.start();
    world = await World.create('rate limits fleet', {
      factor: 1,
      env: { REDIS_URL: redis.url, REDIS_PREFIX: 'rates', RATE_LIMIT: String(LIMIT), RATE_LIMIT_REFUSALS: '10' },
    });
    world.env.FILES_DIR = `${world.home}/files`;
    world.env.TRUST_PROXY = '127.0.0.1';
    await migrate(world.database.url);
    db = new Client({ connectionString: world.database.url });
    await db.connect();
    const start = async () => ServiceProcess.start({ ...world.env, ROLE: 'api' }, await freePort()).ready();
    fleet = [await start(), await start()];
  });

  afterAll(async () => {
    for (const service of fleet) await service.kill('SIGKILL');
    await db.end();
    await world.end();
    await redis.kill();
  });

  const process = (i: number) => new ApiClient((fleet[i % 2] as ServiceProcess).url);

  /** By turns at the one and the other. */
  async function ask(times: number, key: string, headers: Record<string, string> = {}): Promise<Said[]> {
    const said: Said[] = [];
    for (let i = 0; i < times; i++) {
      const start = performance.now();
      const answer = await process(i).withKey(key).get('/v1/jobs?limit=1', headers);
      const left = Number(/;r=(\d+);/.exec(answer.headers.get('ratelimit') ?? '')?.[1]);
      said.push({ status: answer.status, left, ms: performance.now() - start });
    }
    return said;
  }

  const same = (times: number, value: number) => Array.from({ length: times }, () => value);
  const passed = (said: readonly Said[]) => said.filter(({ status }) => status === 200).length;
  const slowest = (said: readonly Said[]) => Math.max(...said.map(({ ms }) => ms));
  const redisIsUp = async (up: boolean) => {
    for (const service of fleet) {
      await eventually(`a process knows that Redis is ${up ? 'there' : 'away'}`, async () =>
        (await (await fetch(`${service.url}/metrics`)).text()).includes(`signalbox_redis_up ${up ? 1 : 0}\n`),
      );
    }
  };

  it('count the requests of a key together, and those of another key apart', async () => {
    const said = await ask(LIMIT + 10, await insertKey(db));
    expect(said.map(({ status }) => status)).toEqual([...same(LIMIT, 200), ...same(10, 429)]);
    expect(said.map(({ left }) => left)).toEqual([
      ...Array.from({ length: LIMIT }, (_, i) => LIMIT - 1 - i),
      ...same(10, 0),
    ]);
    expect(passed(await ask(2, await insertKey(db)))).toBe(2);
  });

  it('count the refused keys of an address together', async () => {
    const from = { 'x-forwarded-for': '198.51.100.1' };
    const good = await insertKey(db);
    const said = await ask(20, 'sbx_nobody', from);
    expect(said.slice(0, 10).map(({ status }) => status)).toEqual(same(10, 401));
    // The one that did not see the tenth finds out with the next.
    expect(said.slice(11).map(({ status }) => status)).toEqual(same(9, 429));
    expect(passed(await ask(2, good, from))).toBe(2);
  });

  it('let no request wait or fail for a Redis that is frozen', async () => {
    const key = await insertKey(db);
    redis.freeze();
    try {
      const said = await ask(LIMIT, key);
      expect(passed(said)).toBe(LIMIT);
      expect(slowest(said)).toBeLessThan(NO_HANG_MS);
    } finally {
      redis.thaw();
    }
    await redisIsUp(true);
  });

  it('count each for itself while Redis is away, and together again after that', async () => {
    const [one, other] = [await insertKey(db), await insertKey(db)];
    await redis.kill();
    const said = await ask(3 * LIMIT, one);
    expect(passed(said)).toBe(2 * LIMIT);
    expect(new Set(said.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect(slowest(said)).toBeLessThan(NO_HANG_MS);
    await redisIsUp(false);
    await redis.restart();
    await redisIsUp(true);
    await eventually('both count together', async () => {
      const [first, second] = await ask(2, other);
      return second?.left === (first?.left ?? 0) - 1 && first?.left !== undefined;
    });
    expect(passed(await ask(LIMIT, other))).toBeLessThan(LIMIT);
  });
});
