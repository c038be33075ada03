import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { Cause } from '../notifications/cause.js';
import { EventLog } from '../notifications/event-log.js';
import type { NewEvent } from '../notifications/new-event.js';
import type { Job } from './job.entity.js';

export type Entry = Omit<NewEvent, 'to'>;

/** As much of a job as its events need; what filters are held against only where something is announced. */
export type TimelineJob = Pick<Job, 'id' | 'teamId'> & Partial<Pick<Job, 'kind' | 'labels' | 'notifyEndpoint'>>;

/** The events of jobs, written in the transaction of the change that they tell of. */
@Injectable()
export class Timeline {
  constructor(private readonly events: EventLog) {}

  async append(tx: Transaction, job: TimelineJob, cause: Cause, entries: readonly Entry[]): Promise<void> {
    const { id: jobId, ...subject } = job;
    for (const entry of entries) await this.events.append(tx, { jobId, ...subject }, cause, entry);
  }

  /** The last note on a job, so that a check which finds the same again does not write it again. */
  async lastNote(tx: Transaction, jobId: string): Promise<string | null> {
    const [row] = await tx.query<{ text: string | null }>(
      `select what->>'text' as text from events where job_id = $1 and type = 'job.note' order by epoch desc, seq desc limit 1`,
      [jobId],
    );
    return row?.text ?? null;
  }
}
