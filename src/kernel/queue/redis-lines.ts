import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { SECOND } from '../config/pace.js';

/** What Bull takes for a connection that was closed on purpose. */
const CLOSED = 'Connection is closed.';

/** A connection that, once hung up, stays so: Bull connects its blocking ones again in the middle of closing. */
class Line extends Redis {
  private hungUp = false;

  override connect(callback?: (error?: Error | null) => void): Promise<void> {
    return this.hungUp ? Promise.resolve() : super.connect(callback);
  }

  hangUp(): void {
    if (this.hungUp) return;
    this.hungUp = true;
    this.disconnect();
    this.stream?.destroy();
    // While it waits to reconnect, ioredis would keep the commands that wait with it for ever.
    (this as unknown as { flushQueue(error: Error): void }).flushQueue(new Error(CLOSED));
  }

  /** Gives a silent peer up and dials again. */
  redial(): void {
    if (this.hungUp || !this.stream || this.status === 'reconnecting') return;
    this.disconnect(true);
    this.stream.destroy();
  }
}

const SHARED: RedisOptions = {
  connectionName: 'signalbox',
  connectTimeout: 3 * SECOND,
  keepAlive: 10 * SECOND,
  retryStrategy: (times) => Math.min(times * 100, SECOND),
};

/** All connections of this process: one that asks, one that listens, and one per queue that waits for bells. */
export class RedisLines {
  /** Fails at once while Redis is away: nothing piles up, nobody waits. */
  readonly client: Redis;
  private readonly lines = new Map<string, Line>();
  private blocking = 0;

  constructor(private readonly url: string) {
    this.client = this.open('client', { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  }

  /** What Bull asks for, queue by queue; only the blocking kind cannot be shared. */
  forBull(type: 'client' | 'subscriber' | 'bclient'): Redis {
    if (type === 'client') return this.client;
    const patient = { enableReadyCheck: false, maxRetriesPerRequest: null };
    if (type === 'bclient') return this.open(`blocking ${(this.blocking += 1)}`, patient);
    // Bull listens for delayed jobs, of which there are none; a subscription renewed in vain would be a rejection of nobody's.
    return this.lines.get(type) ?? this.open(type, { ...patient, autoResubscribe: false });
  }

  redial(): void {
    for (const line of this.lines.values()) line.redial();
  }

  /** Ends the waiting for bells, so that no more are taken. */
  hangUpBlocking(): void {
    for (const [name, line] of this.lines) if (name.startsWith('blocking')) line.hangUp();
  }

  close(): void {
    for (const line of this.lines.values()) line.hangUp();
  }

  private open(name: string, options: RedisOptions): Line {
    const line = new Line(this.url, { ...SHARED, ...options });
    // Every queue listens to the shared ones.
    line.setMaxListeners(0);
    // What goes wrong is seen and told by the watch, once.
    line.on('error', () => undefined);
    this.lines.set(name, line);
    return line;
  }
}
