import { Pace } from '../src/kernel/config/pace.js';
import { ServiceEnv } from '../src/kernel/config/service.env.js';
import { AppLogger } from '../src/kernel/observability/app-logger.js';
import { KernelMetrics } from '../src/kernel/observability/kernel-metrics.js';
import { InProcessLimiter } from '../src/kernel/queue/in-process-limiter.js';
import { RedisLimiter } from '../src/kernel/queue/redis-limiter.js';
import { RedisLink } from '../src/kernel/queue/redis-link.js';
import { eventually } from './harness/eventually.js';
import { RedisServer } from './harness/redis-server.js';
import { describeWithRedis } from './harness/with-redis.js';

const LIMIT = { name: 'vendor:post', max: 10, windowMs: 60_000 };

/** A minute passes in 600 ms. */
const env = Object.assign(new ServiceEnv(), { SIGNALBOX_TIME_FACTOR: 0.01, LOG_LEVEL: 'silent' });

describeWithRedis('A vendor’s limit, over several processes', () => {
  let redis: RedisServer;
  let links: RedisLink[];
  let replicas: RedisLimiter[];

  beforeAll(async () => {
    redis = await RedisServer.start();
    const pace = new Pace(env);
    links = [1, 2, 3].map(() => new RedisLink(redis.url, new AppLogger(env), new KernelMetrics()));
    await Promise.all(links.map((link) => link.onModuleInit()));
    replicas = links.map((link) => new RedisLimiter(link, new InProcessLimiter(pace), 'limits', pace));
  });

  afterAll(async () => {
    for (const link of links) link.onApplicationShutdown();
    await redis.kill();
  });

  const takeAll = (times: number) =>
    Promise.all(Array.from({ length: times }, (_, i) => (replicas[i % 3] as RedisLimiter).take(LIMIT)));

  it('is one for all of them: as many places as there are, then the time until the next', async () => {
    const waits = await takeAll(30);
    expect(waits.filter((wait) => wait === 0)).toHaveLength(LIMIT.max);
    for (const wait of waits.filter((one) => one > 0)) expect(wait).toBeLessThanOrEqual(612);
  });

  it('slides: nobody gets more in any window, and waiting as long as told is enough', async () => {
    const granted: { asked: number; got: number }[] = [];
    const end = Date.now() + 2_000;
    while (Date.now() < end) {
      const asked = Date.now();
      const wait = await (replicas[granted.length % 3] as RedisLimiter).take(LIMIT);
      if (wait === 0) granted.push({ asked, got: Date.now() });
      else await new Promise((resolve) => setTimeout(resolve, wait));
    }
    expect(granted.length).toBeGreaterThanOrEqual(2 * LIMIT.max);
    // The grant itself lies somewhere between the two.
    for (const [i, { got }] of granted.slice(LIMIT.max).entries()) {
      expect(got - (granted[i]?.asked ?? 0)).toBeGreaterThanOrEqual(600);
    }
  });

  it('is kept by each process for itself while Redis is away, at once, and by all together after that', async () => {
    await redis.kill();
    await eventually('the limiters know', () => Promise.resolve(links.every((link) => !link.usable)));
    const started = Date.now();
    const other = { ...LIMIT, name: 'vendor:get' };
    const waits = await Promise.all(
      Array.from({ length: 36 }, (_, i) => (replicas[i % 3] as RedisLimiter).take(other)),
    );
    expect(Date.now() - started).toBeLessThan(500);
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3 * LIMIT.max);
    await redis.restart();
    await eventually('the limiters know', () => Promise.resolve(links.every((link) => link.usable)));
    expect((await takeAll(30)).filter((wait) => wait === 0).length).toBeLessThanOrEqual(LIMIT.max);
  });

  it('does not wait for a Redis that is frozen', async () => {
    redis.freeze();
    try {
      const started = Date.now();
      await takeAll(3);
      expect(Date.now() - started).toBeLessThan(1_500);
    } finally {
      redis.thaw();
    }
  });
});
