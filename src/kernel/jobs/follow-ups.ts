import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { Doorbell } from '../queue/doorbell.js';

export const followUpQueue = (provider: string): string => `after:${provider}`;

/** The event whose follow-up asks the vendor to cancel. */
export const CANCEL_REQUESTED = 'job.cancel_requested';

/** A bell carries one id; a follow-up has two. */
export const followUpRow = (jobId: string, event: string): string => `${jobId}/${event}`;

export interface FollowUpState {
  event: string;
  state: 'waiting' | 'done' | 'gave_up';
  attempts: number;
  lastError: string | null;
}

/** Notes down what has to follow, in the transaction of the event itself. */
@Injectable()
export class FollowUps {
  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
  ) {}

  /** Once per job and event, however often it is asked for. */
  async plan(tx: Transaction, job: { id: string; provider: string }, event: string): Promise<void> {
    await tx.execute(
      'insert into follow_ups (job_id, event, provider, due_at) values ($1, $2, $3, now()) on conflict do nothing',
      [job.id, event, job.provider],
    );
    tx.afterCommit(() => this.doorbell.ring(followUpQueue(job.provider), followUpRow(job.id, event)));
  }

  async of(jobId: string): Promise<FollowUpState[]> {
    return this.database.query<FollowUpState>(
      `select event, attempt as attempts, last_error as "lastError",
              case when done_at is not null then 'done' when gave_up_at is not null then 'gave_up' else 'waiting' end as state
       from follow_ups where job_id = $1 order by created_at, event`,
      [jobId],
    );
  }
}
