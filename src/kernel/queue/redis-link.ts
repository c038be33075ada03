import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { SECOND } from '../config/pace.js';
import { EnvironmentError } from '../config/parse-env.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { SILENT, faultOfError, readInfo } from './redis-faults.js';
import type { RedisFault } from './redis-faults.js';
import { RedisLines } from './redis-lines.js';
import { within } from './within.js';

const LOOK_EVERY = SECOND;
const PING_MS = 500;
/** One slow answer is no outage. */
const MISSES = 2;
/** A peer that is silent for this long may have been replaced without a word. */
const REDIAL_AFTER = 5 * SECOND;
const BOOT_PATIENCE = 2 * SECOND;

/**
 * Whether Redis is of use at this moment, watched by a ping every second. Its going is told once, its coming back once,
 * and one metric says which. A wrong setting is refused at boot; a Redis that is merely away never holds anything up.
 */
export class RedisLink implements OnModuleInit, OnApplicationShutdown {
  readonly lines: RedisLines;
  private state: 'unknown' | 'up' | 'down' = 'unknown';
  private fault: RedisFault | null = null;
  private inspected = false;
  private misses = 0;
  private since = performance.now();
  private dialled = performance.now();
  private timer: NodeJS.Timeout | null = null;
  private looking = false;

  constructor(
    url: string,
    private readonly logger: AppLogger,
    private readonly metrics: KernelMetrics,
  ) {
    this.lines = new RedisLines(url);
    this.metrics.redisUp.set(0);
    const { client } = this.lines;
    client.on('error', (error: unknown) => (this.fault = faultOfError(error) ?? this.fault));
    client.on('ready', () => {
      this.inspected = false;
      void this.look();
    });
  }

  /** @throws {EnvironmentError} when waiting would not mend what is wrong */
  async onModuleInit(): Promise<void> {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY);
    this.timer.unref();
    const end = performance.now() + BOOT_PATIENCE;
    while (this.state !== 'up' && !this.fault?.setting && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (this.state === 'up') return;
    if (this.fault?.setting) {
      this.onApplicationShutdown();
      throw new EnvironmentError([`REDIS_URL: ${this.fault.sentence}`]);
    }
    this.goDown();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.lines.close();
  }

  /** May be asked for something now: it was there a moment ago and the connection stands. */
  get usable(): boolean {
    return this.state === 'up' && this.lines.client.status === 'ready';
  }

  /** Null while all is well, else why not. Asks Redis itself, and never longer than half a second. */
  async trouble(): Promise<string | null> {
    if (this.inspected && this.state === 'up' && (await this.answers())) return null;
    return (this.fault ?? SILENT).sentence;
  }

  private async answers(): Promise<boolean> {
    try {
      await within(PING_MS, this.lines.client.ping());
      return true;
    } catch (error) {
      // Without a connection the reason is in the client's own errors; with one, the peer keeps silent.
      if (this.lines.client.status === 'ready') this.fault = faultOfError(error) ?? SILENT;
      return false;
    }
  }

  private async look(): Promise<void> {
    if (this.looking || !this.timer) return;
    this.looking = true;
    try {
      if ((await this.answers()) && (await this.inspect())) this.goUp();
      else this.miss();
    } finally {
      this.looking = false;
    }
  }

  /** Once per connection: another Redis may answer at the same address. False when it will not do. */
  private async inspect(): Promise<boolean> {
    if (this.inspected) return true;
    try {
      const { facts, fault } = readInfo(await within(PING_MS, this.lines.client.info()));
      this.fault = fault;
      if (fault) return false;
      this.inspected = true;
      this.metrics.redisUp.set(1);
      if (facts.evicts)
        this.logger.warn('Redis may throw bells away under memory pressure: set maxmemory-policy noeviction');
      return true;
    } catch (error) {
      this.fault = faultOfError(error) ?? SILENT;
      return false;
    }
  }

  private miss(): void {
    this.misses += 1;
    if (this.state === 'up' && this.misses >= MISSES) this.goDown();
    const now = performance.now();
    const quiet = this.lines.client.status === 'ready' || this.lines.client.status === 'connect';
    if (this.misses < MISSES || !quiet || this.fault?.setting || now - this.dialled < REDIAL_AFTER) return;
    this.fault = SILENT;
    this.dialled = now;
    this.lines.redial();
  }

  private goDown(): void {
    if (!this.timer) return;
    this.state = 'down';
    this.since = performance.now();
    this.metrics.redisUp.set(0);
    const reason = (this.fault ?? SILENT).sentence;
    this.logger.warn('Redis is away: bells ring inside each process and the sweep finds the rest; nothing is lost', {
      reason,
    });
  }

  private goUp(): void {
    this.misses = 0;
    this.fault = null;
    this.dialled = performance.now();
    if (this.state === 'up' || !this.timer) return;
    const awayMs = this.state === 'down' ? Math.round(performance.now() - this.since) : 0;
    if (this.state === 'down') this.logger.info('Redis is back', { awayMs });
    this.state = 'up';
    this.metrics.redisUp.set(1);
  }
}
