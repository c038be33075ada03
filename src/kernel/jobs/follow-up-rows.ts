import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { RowUpdate } from './row-update.js';

/** One thing that has to follow. `handler` is empty for the provider's own part. */
export interface FollowUpKey {
  jobId: string;
  event: string;
  handler: string;
}

/** In hand, until its lease runs out. */
export interface TakenFollowUp extends FollowUpKey {
  /** Brought back by every step, so that a stale one changes nothing. */
  attempt: number;
  createdAt: Date;
}

const MINE = 'job_id = $1 and event = $2 and handler = $3';
const TAKE = `
update follow_ups set due_at = now() + $4 * interval '1 millisecond', attempt = attempt + 1
where ${MINE} and due_at <= now() returning attempt, created_at as "createdAt"`;
const AGAIN = `
update follow_ups set due_at = now() + $5 * interval '1 millisecond', last_error = coalesce($6, last_error)
where ${MINE} and attempt = $4 and due_at is not null`;

/** The rows of what has to follow: taken in hand by a lease, put off, ended. */
@Injectable()
export class FollowUpRows {
  constructor(private readonly database: Database) {}

  /** Null when it is not due: over, or in somebody else's hands. */
  async take(key: FollowUpKey, leaseMs: number): Promise<TakenFollowUp | null> {
    const [row] = await this.database.query<{ attempt: number; createdAt: Date }>(TAKE, [...values(key), leaseMs]);
    return row ? { ...key, ...row } : null;
  }

  /** Due again after so many milliseconds; a lease is renewed by it as well. */
  async dueIn(taken: TakenFollowUp, ms: number, error: string | null = null): Promise<void> {
    await this.database.execute(AGAIN, [...values(taken), taken.attempt, ms, error]);
  }

  async end(taken: TakenFollowUp, how: 'done_at' | 'gave_up_at', error: string | null): Promise<void> {
    await this.database.unitOfWork(async (tx) => {
      const sql = `update follow_ups set due_at = null, ${how} = now(), last_error = $5 where ${MINE} and attempt = $4`;
      // The job's view shows it, so its ETag has to change with it.
      if (await tx.execute(sql, [...values(taken), taken.attempt, error])) await new RowUpdate().run(tx, taken.jobId);
    });
  }
}

const values = ({ jobId, event, handler }: FollowUpKey) => [jobId, event, handler];
