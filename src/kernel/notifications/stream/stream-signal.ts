import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { Client } from 'pg';
import { Pace, SECOND } from '../../config/pace.js';
import { DatabaseEnv, directUrl } from '../../database/database.env.js';
import { AppLogger } from '../../observability/app-logger.js';
import { STREAM_CHANNEL } from './stream-notifier.js';

const BACK_OFF = { first: SECOND, last: 30 * SECOND };

/** Hears over a connection of its own, past any pooler, that another process has written events. A convenience: without it
 * whoever reads looks every second. */
@Injectable()
export class StreamSignal implements OnModuleDestroy {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private wake: (() => void) | null = null;
  private pause = BACK_OFF.first;
  private hasComplained = false;

  constructor(
    private readonly env: DatabaseEnv,
    private readonly pace: Pace,
    private readonly logger: AppLogger,
  ) {}

  /** `wake` must not throw. */
  listen(wake: () => void): void {
    if (this.wake) return;
    this.wake = wake;
    void this.connect();
  }

  async stop(): Promise<void> {
    this.wake = null;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: directUrl(this.env),
      application_name: 'signalbox listen',
      connectionTimeoutMillis: 5 * SECOND,
      keepAlive: true,
    });
    this.client = client;
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client));
    client.on('notification', () => this.wake?.());
    try {
      await client.connect();
      await client.query(`listen ${STREAM_CHANNEL}`);
      this.pause = BACK_OFF.first;
      this.hasComplained = false;
      // What was told while nobody listened.
      this.wake?.();
    } catch (error) {
      this.lost(client, error);
    }
  }

  private lost(client: Client, error?: unknown): void {
    if (this.client !== client) return;
    this.client = null;
    void client.end().catch(() => undefined);
    if (!this.hasComplained) this.logger.warn('LISTEN is not possible: the stream looks every second', { error });
    this.hasComplained = true;
    this.timer = setTimeout(() => void this.connect(), this.pace.patience(this.pause)).unref();
    this.pause = Math.min(2 * this.pause, BACK_OFF.last);
  }
}
