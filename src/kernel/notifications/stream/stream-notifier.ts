import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { StreamBell } from './stream-bell.js';

export const STREAM_CHANNEL = 'signalbox_stream';

/** Milliseconds between two words to the other processes. */
const AT_MOST_EVERY = 50;

/**
 * Tells the other processes that this one has written events: after the commit, in a statement of its own, and many
 * commits by one word. Inside the transactions NOTIFY would make all commits of the server wait for each other.
 */
@Injectable()
export class StreamNotifier implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private isNews = false;
  private forget: () => void = () => undefined;

  constructor(
    private readonly bell: StreamBell,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.forget = this.bell.onRing(() => this.rung());
  }

  onModuleDestroy(): void {
    this.forget();
    if (this.timer) clearTimeout(this.timer);
  }

  private rung(): void {
    this.isNews = true;
    if (!this.timer) this.tell();
  }

  private tell(): void {
    this.timer = null;
    if (!this.isNews) return;
    this.isNews = false;
    // Not told is told too late by a second at most: the others look.
    void this.database.query(`select pg_notify('${STREAM_CHANNEL}', '')`).catch(() => undefined);
    this.timer = setTimeout(() => this.tell(), AT_MOST_EVERY).unref();
  }
}
