import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { eventually } from './harness/eventually.js';
import { RedisServer } from './harness/redis-server.js';
import { World } from './harness/service.js';
import { freePort } from './harness/service-process.js';
import { describeWithRedis } from './harness/with-redis.js';

/** Something at an address that is no Redis as we want it: says this to each piece of what it hears, or nothing. */
class Pretender {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(answer: (heard: string) => string | null): Promise<Pretender> {
    const server = createServer((socket) => {
      pretender.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        const said = answer(data.toString());
        if (said !== null) socket.write(said);
      });
    });
    const pretender = new Pretender(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return pretender;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A Redis of long ago, as far as INFO and PING go. */
function ancient(heard: string): string {
  const commands = heard.match(/^\*\d+$/gm)?.length ?? 1;
  const info = '# Server\r\nredis_version:4.0.14\r\nloading:0\r\nrole:master\r\n';
  const one = /info/i.test(heard) ? `$${info.length}\r\n${info}\r\n` : '+PONG\r\n';
  return one + '+OK\r\n'.repeat(commands - 1);
}

describe('A REDIS_URL', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('bull settings');
  });

  afterEach(() => world.stop());

  afterAll(() => world.end());

  const start = (url: string) => world.start({ REDIS_URL: url, REDIS_PREFIX: 'settings' });

  async function redisHealth(): Promise<unknown> {
    return (await world.client.get<{ details: { redis: unknown } }>('/health')).body.details.redis;
  }

  it.each(['localhost:6379', 'http://localhost:6379', 'redis'])('of the form %s is refused', async (url) => {
    await expect(start(url)).rejects.toThrow(/REDIS_URL: must begin with redis:\/\//);
  });

  it('where nothing answers does not keep the service from starting', async () => {
    await start(`redis://127.0.0.1:${await freePort()}`);
    expect(await redisHealth()).toEqual({ status: 'down', message: 'nothing answers where REDIS_URL points' });
    await world.until((await world.diarize()).id, 'succeeded');
  });

  it('where somebody takes the connection and never answers does not keep it either', async () => {
    const silent = await Pretender.start(() => null);
    try {
      await start(silent.url);
      expect(await redisHealth()).toEqual({
        status: 'down',
        message: 'Redis takes the connection and never answers',
      });
      await world.until((await world.diarize()).id, 'succeeded');
      const started = Date.now();
      await world.stop();
      expect(Date.now() - started).toBeLessThan(5_000);
    } finally {
      await silent.stop();
    }
  });

  it('of a Redis that is too old is refused with its version', async () => {
    const old = await Pretender.start(ancient);
    try {
      await expect(start(old.url)).rejects.toThrow('REDIS_URL: Redis 4.0.14 is too old: 5 or newer is needed');
    } finally {
      await old.stop();
    }
  });

  it('of something that is no Redis is refused', async () => {
    const web = await Pretender.start(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    try {
      await expect(start(web.url)).rejects.toThrow('REDIS_URL: what answers where REDIS_URL points is no Redis');
    } finally {
      await web.stop();
    }
  });

  describeWithRedis('of a Redis with a password', () => {
    let redis: RedisServer;

    beforeAll(async () => {
      redis = await RedisServer.start('--requirepass', 'open sesame');
    });

    afterAll(() => redis.kill());

    const withPassword = (password: string) => redis.url.replace('//', `//:${encodeURIComponent(password)}@`);

    it('that is missing is refused', async () => {
      await expect(start(redis.url)).rejects.toThrow('REDIS_URL: Redis wants a password and REDIS_URL has none');
    });

    it('that is wrong is refused', async () => {
      await expect(start(withPassword('open'))).rejects.toThrow('REDIS_URL: Redis refuses the password of REDIS_URL');
    });

    it('that is right is taken', async () => {
      await start(withPassword('open sesame'));
      expect(await redisHealth()).toEqual({ status: 'up' });
      await world.until((await world.diarize()).id, 'succeeded');
    });
  });

  describeWithRedis('of a Redis that gets a password later', () => {
    it('is told by health, and work goes on', async () => {
      const open = await RedisServer.start();
      const { port } = open;
      try {
        await start(open.url);
        await open.kill();
        const shut = await RedisServer.startAt(port, '--requirepass', 'new');
        try {
          const message = 'Redis wants a password and REDIS_URL has none';
          await eventually('health tells', async () => {
            const { redis } = (await world.client.get<{ details: Record<string, { message?: string }> }>('/health'))
              .body.details;
            return redis?.message === message;
          });
          await world.until((await world.diarize()).id, 'succeeded');
        } finally {
          await shut.kill();
        }
      } finally {
        await open.kill();
      }
    });
  });
});
