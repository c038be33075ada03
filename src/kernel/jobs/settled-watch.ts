import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { StreamEvent } from '../notifications/stream/stream-event.js';
import { TailReader } from '../notifications/stream/tail-reader.js';
import type { Follower } from '../notifications/stream/tail-reader.js';
import { SETTLED, isSettled } from './job-status.js';
import type { JobStatus } from './job-status.js';

/**
 * Ends waits (`Prefer: wait`) when a job is settled: at once when this process did it, as soon as the tail reads of it
 * when another did. The row is the truth, and is read again then and every second: an event that somebody else's open
 * transaction holds back holds up nobody here. One query for everybody who waits, none when nobody does.
 */
@Injectable()
export class SettledWatch implements Follower, OnModuleDestroy {
  private readonly waiting = new Map<string, Set<() => void>>();
  private unfollow: (() => void) | null = null;
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly tail: TailReader,
  ) {}

  /** Resolves when the job is settled or the time is up, whichever comes first. */
  async wait(jobId: string, ms: number): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(limit);
        const others = this.waiting.get(jobId);
        others?.delete(done);
        if (others?.size === 0) this.waiting.delete(jobId);
        if (this.waiting.size === 0) this.rest();
        resolve();
      };
      const limit = setTimeout(done, ms);
      const others = this.waiting.get(jobId);
      if (others) others.add(done);
      else this.waiting.set(jobId, new Set([done]));
      this.unfollow ??= this.tail.follow(this);
      // It may have been settled between the caller's own reading and now.
      void this.look();
    });
  }

  settled(jobId: string): void {
    for (const done of this.waiting.get(jobId) ?? []) done();
  }

  events(events: readonly StreamEvent[]): void {
    const isNews = ({ jobId, type }: StreamEvent) =>
      jobId !== null && this.waiting.has(jobId) && isSettled(type.slice(type.indexOf('.') + 1) as JobStatus);
    if (events.some(isNews)) void this.look();
  }

  looked(): void {
    void this.look();
  }

  /** The service stops: whoever waits is answered with the job as it is. */
  onModuleDestroy(): void {
    this.closed = true;
    for (const jobId of [...this.waiting.keys()]) this.settled(jobId);
  }

  private rest(): void {
    this.unfollow?.();
    this.unfollow = null;
  }

  private async look(): Promise<void> {
    if (this.waiting.size === 0) return;
    try {
      const rows = await this.database.query<{ id: string }>(
        'select id from jobs where id = any($1) and status = any($2)',
        [[...this.waiting.keys()], SETTLED],
      );
      for (const row of rows) this.settled(row.id);
    } catch {
      // The next second tries again; the wait has its own end.
    }
  }
}
