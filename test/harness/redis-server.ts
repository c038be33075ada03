import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { freePort } from './service-process.js';

export const HOW_TO_GET_REDIS = 'no redis-server on the PATH; get it with: apt-get install redis-server';

/** Where `redis-server` is, or null. */
export function findRedisServer(): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'redis-server');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** A Redis that keeps nothing on disk: to be frozen, killed, emptied and started again at the same address. */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  static async start(...settings: string[]): Promise<RedisServer> {
    return RedisServer.startAt(await freePort(), ...settings);
  }

  static async startAt(port: number, ...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(port, settings);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** One more, empty, at the same address. */
  async restart(): Promise<void> {
    await this.kill();
    const binary = findRedisServer();
    if (!binary) throw new Error(HOW_TO_GET_REDIS);
    const common = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.child = spawn(binary, [...common, ...this.settings], { stdio: 'ignore' });
    await eventually('Redis answers', () => this.ask((redis) => redis.ping().catch(refusalIsAnAnswer)));
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async flush(): Promise<void> {
    await this.ask((redis) => redis.flushall());
  }

  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.port, '127.0.0.1', {
      retryStrategy: null,
      lazyConnect: true,
      enableReadyCheck: false,
    });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

function refusalIsAnAnswer(error: Error): string {
  if (error.message.startsWith('NOAUTH')) return error.message;
  throw error;
}
