import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Doorbell } from '../queue/doorbell.js';
import type { Sweeper } from '../queue/sweep.js';
import { followUpQueue, followUpRow } from './follow-ups.js';

const MAX_ROWS = 500;

/** Rings for what has to follow and was not done. */
@Injectable()
export class FollowUpsSweeper implements Sweeper {
  readonly name = 'follow-ups';

  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
  ) {}

  async sweep(): Promise<number> {
    const due = await this.database.query<{ jobId: string; event: string; provider: string }>(
      'select job_id as "jobId", event, provider from follow_ups where due_at <= now() order by due_at limit $1',
      [MAX_ROWS],
    );
    for (const row of due) this.doorbell.ring(followUpQueue(row.provider), followUpRow(row.jobId, row.event));
    return due.length;
  }
}
