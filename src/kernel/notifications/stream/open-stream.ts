import type { ServerResponse } from 'node:http';
import { formatCursor, isAfter, later } from './event-cursor.js';
import type { EventCursor } from './event-cursor.js';
import { sseComment } from './sse.js';
import type { StreamEvent } from './stream-event.js';
import { isInScope, isWanted } from './stream-filter.js';
import type { StreamFilter, StreamScope } from './stream-filter.js';
import type { StreamHistory } from './stream-history.js';
import type { TailReader } from './tail-reader.js';

/** Bytes that wait for a reader; beyond them it is no longer fed, and catches up from the database when it has taken them. */
const MOST_WAITING = 256 * 1_024;
/** Bytes that may still wait when it is fed again: what Node itself takes for drained. */
const DRAINED = 16 * 1_024;

/** Events that are read at once. */
const PAGE = { smallest: 8, largest: 128 };

export type StreamEnd = 'left' | 'finished' | 'stopping' | 'slow' | 'key';

export interface StreamWish {
  scope: StreamScope;
  filter: StreamFilter;
  /** Types that end it, once they have been sent. */
  lastTypes: readonly string[];
}

/**
 * One open stream. It reads its own history until that joins what the tail has read lately, and from there on is fed by
 * the tail. Its position decides what is new to it, so nothing is left out or shown twice, whichever way it comes.
 */
export class OpenStream {
  /** Fed by the tail. */
  private isLive = false;
  private isReading = false;
  private isWanted = false;
  private pageSize: number = PAGE.largest;
  private end: StreamEnd | null = null;
  private sent = 0;
  private told = '';
  private waiting = 0;
  private progressAt = Date.now();

  constructor(
    readonly wish: StreamWish,
    /** Everything up to here is with the client, or not for it. */
    private position: EventCursor,
    private readonly response: ServerResponse,
    private readonly tail: TailReader,
    private readonly history: StreamHistory,
    private readonly onEnd: (how: StreamEnd, sent: number) => void,
  ) {
    response.on('error', () => undefined);
    response.on('close', () => this.ended('left'));
    response.on('drain', () => {
      this.progressAt = Date.now();
      this.goOn();
    });
  }

  /** Catches up wherever it has fallen behind; to be called whenever that may have become possible. */
  goOn(): void {
    if (this.isLive || this.end || this.response.writableLength > DRAINED) return;
    this.isWanted = true;
    if (!this.isReading) void this.run();
  }

  /** What the tail has read. */
  feed(events: readonly StreamEvent[]): void {
    if (this.isLive) this.isLive = this.take(events);
  }

  /** Every 15 s: something to see for whoever is in between, and an end for a reader who takes nothing for `patience` ms. */
  beat(patience: number): void {
    if (this.end) return;
    const waiting = this.response.writableLength;
    if (waiting === 0 || waiting < this.waiting) this.progressAt = Date.now();
    this.waiting = waiting;
    if (waiting === 0) this.response.write(sseComment('', this.newId()));
    else if (Date.now() - this.progressAt > patience) this.cut('slow');
  }

  /** The client comes back with the last id that it has, here or elsewhere. */
  close(how: StreamEnd): void {
    if (this.end) return;
    this.ended(how);
    this.response.end();
  }

  cut(how: StreamEnd): void {
    this.ended(how);
    this.response.destroy();
  }

  private async run(): Promise<void> {
    this.isReading = true;
    // What is written may be taken before this has ended.
    while (this.isWanted) {
      this.isWanted = false;
      // The database is away: the next look tries again.
      await this.catchUp().catch(() => undefined);
    }
    this.isReading = false;
  }

  private async catchUp(): Promise<void> {
    while (!this.end) {
      const recent = this.tail.recent(this.position);
      if (recent) {
        this.isLive = this.take(recent);
        return;
      }
      const limit = this.pageSize;
      const { events, now } = await this.history.page(this.wish.scope, this.position, limit);
      // What it cannot take is read again when it can: large events come in small pages.
      const isTaken = this.take(events);
      this.pageSize = isTaken ? Math.min(2 * limit, PAGE.largest) : Math.max(limit / 2, PAGE.smallest);
      if (!isTaken) return;
      if (events.length < limit) this.position = later(this.position, now);
      // Nobody knows yet what comes after it.
      if (!this.tail.fed) return;
    }
  }

  /** False when the reader is too slow for more, or needs no more. */
  private take(events: readonly StreamEvent[]): boolean {
    const { scope, filter, lastTypes } = this.wish;
    let last: StreamEvent | null = null;
    let isOver = false;
    this.response.cork();
    for (const event of events) {
      if (isOver || this.end || this.response.writableLength > MOST_WAITING) break;
      last = event;
      if (!isAfter(event.cursor, this.position)) continue;
      this.position = event.cursor;
      if (!isInScope(scope, event) || !isWanted(filter, event)) continue;
      this.response.write(event.message);
      this.told = formatCursor(event.cursor);
      this.sent += 1;
      isOver = lastTypes.includes(event.type);
    }
    this.response.uncork();
    if (isOver) this.close('finished');
    return !this.end && last === (events.at(-1) ?? null);
  }

  /** Where it stands, if the client has not heard of that yet: without it, a quiet team would come back with an old id. */
  private newId(): string | undefined {
    const { fed } = this.tail;
    if (!this.isLive || !fed || 'jobId' in this.wish.scope) return undefined;
    this.position = later(this.position, fed);
    const id = formatCursor(this.position);
    if (id === this.told) return undefined;
    return (this.told = id);
  }

  private ended(how: StreamEnd): void {
    if (this.end) return;
    this.end = how;
    this.isLive = false;
    this.onEnd(how, this.sent);
  }
}
