import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { Doorbell } from '../queue/doorbell.js';
import { JobEventHandlers } from './handlers/job-event-handlers.js';
import type { JobProvider } from './provider.js';
import { RowUpdate } from './row-update.js';

export const followUpQueue = (provider: string): string => `after:${provider}`;

/** A handler that hangs holds up nobody but itself. */
export const handlerQueue = (handler: string): string => `handler:${handler}`;

/** The event whose follow-up asks the vendor to cancel. */
export const CANCEL_REQUESTED = 'job.cancel_requested';

/** A bell carries one id; a follow-up has two, and its queue says whose it is. */
export const followUpRow = (jobId: string, event: string): string => `${jobId}/${event}`;

export interface FollowUpState {
  event: string;
  /** Null for what the provider itself does. */
  handler: string | null;
  state: 'waiting' | 'done' | 'gave_up';
  attempts: number;
  lastError: string | null;
}

/** As much of a provider as says what it follows. */
type Following = Pick<JobProvider, 'after' | 'follows'>;

interface Followed {
  id: string;
  provider: string;
}

/** One that is in hand keeps counting its attempts, so that whoever has it in hand cannot end the new one. */
const AGAIN = `
update follow_ups set due_at = now(), attempt = case when due_at is null then 0 else attempt end,
       created_at = now(), done_at = null, gave_up_at = null
where job_id = $1 and event = $2 and handler = ''`;

/** Notes down what has to follow, in the transaction of the event itself. */
@Injectable()
export class FollowUps {
  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly handlers: JobEventHandlers,
  ) {}

  /** What follows an announced event: the provider's `after`, where it has one, and every handler that it is meant for. */
  async planFor(tx: Transaction, job: Followed, event: string, provider: Following): Promise<void> {
    const { after, follows } = provider;
    if (after && (follows?.includes(event) ?? true)) await this.plan(tx, job, event);
    for (const { name } of this.handlers.of(event)) await this.note(tx, job, event, name);
  }

  /** The provider's own part. Once per job and event, however often it is asked for. */
  async plan(tx: Transaction, job: Followed, event: string): Promise<void> {
    await this.note(tx, job, event, '');
  }

  /**
   * The provider's own part once more, now, and for a day from now on, also where it was done or given up. False when the
   * job is gone.
   */
  async again(tx: Transaction, job: Followed, event: string): Promise<boolean> {
    await this.plan(tx, job, event);
    await tx.execute(AGAIN, [job.id, event]);
    // The job's view shows it, so its ETag has to change with it.
    return new RowUpdate().run(tx, job.id);
  }

  async of(jobId: string): Promise<FollowUpState[]> {
    return this.database.query<FollowUpState>(
      `select event, nullif(handler, '') as handler, attempt as attempts, last_error as "lastError",
              case when done_at is not null then 'done' when gave_up_at is not null then 'gave_up' else 'waiting' end as state
       from follow_ups where job_id = $1 order by created_at, event, handler`,
      [jobId],
    );
  }

  private async note(tx: Transaction, job: Followed, event: string, handler: string): Promise<void> {
    await tx.execute(
      'insert into follow_ups (job_id, event, handler, provider, due_at) values ($1, $2, $3, $4, now()) on conflict do nothing',
      [job.id, event, handler, job.provider],
    );
    const queue = handler === '' ? followUpQueue(job.provider) : handlerQueue(handler);
    tx.afterCommit(() => this.doorbell.ring(queue, followUpRow(job.id, event)));
  }
}
