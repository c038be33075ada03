import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { MINUTE, Pace, SECOND } from '../../config/pace.js';
import { AppLogger } from '../../observability/app-logger.js';
import { KernelMetrics } from '../../observability/kernel-metrics.js';
import type { EventCursor } from './event-cursor.js';
import { EventReader } from './event-reader.js';
import { RecentEvents } from './recent-events.js';
import { StreamBell } from './stream-bell.js';
import type { StreamEvent } from './stream-event.js';
import { StreamSignal } from './stream-signal.js';

const PAGE = 200;
/** Milliseconds: a thousand commits a second are not read one by one. */
const BETWEEN_READINGS = 10;
/** How soon it looks again for what an open transaction holds back; milliseconds, doubled up to the last. */
const HELD = { first: 20, last: 160 };
/** Looks without anybody to feed before it stops: those who wait for jobs come and go. */
const IDLE_LOOKS = 5;

/** Whoever is fed by the tail; told of everything, in order. Must not throw. */
export interface Follower {
  /** The next ones are read when these have been taken. */
  events(events: readonly StreamEvent[]): void | Promise<void>;
  /** Every second, and when the reading begins. */
  looked(): void;
}

/**
 * The one reader of new events in this process: woken by its own commits, by the word of other processes, and every
 * second. It reads only while there is somebody to feed.
 */
@Injectable()
export class TailReader implements OnModuleDestroy {
  private readonly followers = new Set<Follower>();
  private recentEvents: RecentEvents | null = null;
  private position: EventCursor | null = null;
  private fedUpTo: EventCursor | null = null;
  private timer: NodeJS.Timeout | null = null;
  private idleLooks = 0;
  private isWanted = false;
  private isRunning = false;
  private heldPause = HELD.first;
  private lastGood = Date.now();
  private isAway = false;
  private forget: () => void = () => undefined;

  constructor(
    private readonly reader: EventReader,
    private readonly bell: StreamBell,
    private readonly signal: StreamSignal,
    private readonly metrics: KernelMetrics,
    private readonly pace: Pace,
    private readonly logger: AppLogger,
  ) {}

  /** Until the returned function is called. */
  follow(follower: Follower): () => void {
    this.followers.add(follower);
    this.start();
    return () => this.followers.delete(follower);
  }

  /** Everything after a place that was read; null where that is not known here, also before the first reading. */
  recent(after: EventCursor): StreamEvent[] | null {
    return this.recentEvents?.after(after) ?? null;
  }

  /** Up to here all followers have been fed. */
  get fed(): EventCursor | null {
    return this.fedUpTo;
  }

  onModuleDestroy(): void {
    this.followers.clear();
    this.stop();
  }

  private start(): void {
    this.idleLooks = 0;
    if (this.timer) return;
    this.lastGood = Date.now();
    this.timer = setInterval(() => this.look(), SECOND);
    this.forget = this.bell.onRing(() => this.wake());
    this.signal.listen(() => this.wake());
    this.wake();
  }

  private stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.forget();
    void this.signal.stop();
    this.position = this.fedUpTo = this.recentEvents = null;
    this.metrics.streamLag.set(0);
  }

  private look(): void {
    if (this.followers.size === 0 && !this.isRunning && ++this.idleLooks > IDLE_LOOKS) return this.stop();
    this.recentEvents?.forget(new Date(Date.now() - this.pace.ms(MINUTE)));
    this.wake();
    for (const follower of this.followers) follower.looked();
  }

  private wake(): void {
    if (this.followers.size === 0) return;
    this.isWanted = true;
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.isWanted && this.timer) {
      this.isWanted = false;
      try {
        await this.readOn();
        this.isAway = false;
        this.lastGood = Date.now();
      } catch (error) {
        // The look of the next second tries again.
        if (!this.isAway) this.logger.error('the stream cannot read', { error });
        this.isAway = true;
        this.metrics.streamLag.set((Date.now() - this.lastGood) / 1_000);
      }
      await delay(BETWEEN_READINGS);
    }
    this.isRunning = false;
  }

  private async readOn(): Promise<void> {
    if (!this.position || !this.recentEvents) return this.begin();
    for (let isFull = true; isFull && this.timer;) {
      const { events, age, heldAge } = await this.reader.all(this.position, PAGE);
      isFull = events.length === PAGE;
      this.metrics.streamLag.set(heldAge ?? age ?? 0);
      await this.feed(events);
      if (!isFull) this.lookForHeld(heldAge !== null);
    }
  }

  private async begin(): Promise<void> {
    const now = await this.reader.now();
    this.position = this.fedUpTo = now;
    this.recentEvents = new RecentEvents(now);
    for (const follower of this.followers) follower.looked();
    this.isWanted = true;
  }

  private async feed(events: readonly StreamEvent[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    // First, so that whoever joins while the others are being fed finds them.
    this.recentEvents?.add(events);
    this.position = last.cursor;
    for (const follower of [...this.followers]) await follower.events(events);
    this.fedUpTo = last.cursor;
  }

  private lookForHeld(isHeld: boolean): void {
    if (!isHeld) {
      this.heldPause = HELD.first;
      return;
    }
    setTimeout(() => this.wake(), this.heldPause).unref();
    this.heldPause = Math.min(2 * this.heldPause, HELD.last);
  }
}
