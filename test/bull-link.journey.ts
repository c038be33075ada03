import { ServiceEnv } from '../src/kernel/config/service.env.js';
import { AppLogger } from '../src/kernel/observability/app-logger.js';
import { KernelMetrics } from '../src/kernel/observability/kernel-metrics.js';
import { RedisLink } from '../src/kernel/queue/redis-link.js';
import { eventually } from './harness/eventually.js';
import { RedisServer } from './harness/redis-server.js';
import { describeWithRedis } from './harness/with-redis.js';

interface Line {
  level: string;
  msg: string;
  reason?: string;
}

describeWithRedis('The link to Redis', () => {
  let redis: RedisServer;
  let link: RedisLink;
  const metrics = new KernelMetrics();
  const lines: Line[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
    const logger = new AppLogger(new ServiceEnv(), { write: (line) => void lines.push(JSON.parse(line) as Line) });
    link = new RedisLink(redis.url, logger, metrics);
    await link.onModuleInit();
  });

  afterAll(async () => {
    link.onApplicationShutdown();
    redis.thaw();
    await redis.kill();
  });

  const isUp = async () => (await metrics.redisUp.get()).values[0]?.value;

  it('says nothing while all is well', async () => {
    expect(await link.trouble()).toBeNull();
    expect(await isUp()).toBe(1);
    expect(lines).toEqual([]);
  });

  it('tells once that Redis is gone and why, and once that it is back', async () => {
    await redis.kill();
    await eventually('it is told', () => Promise.resolve(lines.length > 0));
    expect(await isUp()).toBe(0);
    // Many looks later, still one line.
    for (let look = 0; look < 20; look++) expect(await link.trouble()).toBe('nothing answers where REDIS_URL points');
    await redis.restart();
    await eventually('it is told', () => Promise.resolve(lines.length > 1));
    expect(await isUp()).toBe(1);
    expect(await link.trouble()).toBeNull();
    expect(lines).toEqual([
      expect.objectContaining({ level: 'warn', reason: 'nothing answers where REDIS_URL points' }),
      expect.objectContaining({ level: 'info', msg: 'Redis is back' }),
    ]);
  });

  it('tells of a silent one the same way, and never waits longer than a moment to find out', async () => {
    lines.length = 0;
    redis.freeze();
    const started = Date.now();
    expect(await link.trouble()).toBe('Redis takes the connection and never answers');
    expect(Date.now() - started).toBeLessThan(1_500);
    await eventually('it is told', () => Promise.resolve(lines.length > 0));
    redis.thaw();
    await eventually('it is told', () => Promise.resolve(lines.length > 1));
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('warns once of a Redis that may throw bells away', async () => {
    lines.length = 0;
    await redis.ask((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    await redis.ask((client) => client.client('KILL', 'TYPE', 'normal')).catch(() => undefined);
    await eventually('it is told', () => Promise.resolve(lines.length > 0));
    expect(lines[0]?.msg).toContain('noeviction');
  });
});
