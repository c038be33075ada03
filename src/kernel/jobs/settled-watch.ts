import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { SETTLED } from './job-status.js';

/**
 * Ends waits (`Prefer: wait`) when a job is settled: at once when this process did it, within a second when another did.
 * One query a second for everybody who waits, none when nobody does.
 */
@Injectable()
export class SettledWatch implements OnModuleDestroy {
  private readonly waiting = new Map<string, Set<() => void>>();
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(private readonly database: Database) {}

  /** Resolves when the job is settled or the time is up, whichever comes first. */
  async wait(jobId: string, ms: number): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(limit);
        const others = this.waiting.get(jobId);
        others?.delete(done);
        if (others?.size === 0) this.waiting.delete(jobId);
        resolve();
      };
      const limit = setTimeout(done, ms);
      const others = this.waiting.get(jobId);
      if (others) others.add(done);
      else this.waiting.set(jobId, new Set([done]));
      this.timer ??= setInterval(() => void this.look(), SECOND);
      // It may have been settled between the caller's own reading and now.
      void this.look();
    });
  }

  settled(jobId: string): void {
    for (const done of this.waiting.get(jobId) ?? []) done();
  }

  /** The service stops: whoever waits is answered with the job as it is. */
  onModuleDestroy(): void {
    this.closed = true;
    if (this.timer) clearInterval(this.timer);
    for (const jobId of [...this.waiting.keys()]) this.settled(jobId);
  }

  private async look(): Promise<void> {
    if (this.waiting.size === 0) {
      if (this.timer) clearInterval(this.timer);
      this.timer = null;
      return;
    }
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
