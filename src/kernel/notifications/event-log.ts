import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import type { Cause } from './cause.js';
import type { NewEvent, Subject } from './new-event.js';
import { NotificationPlan } from './notification-plan.js';
import { StreamBell } from './stream/stream-bell.js';

/**
 * Of one job, no event may get a lower `tx` than the one before it (see the entity). The epoch is looked up, because the
 * column's default cannot be.
 */
const APPEND = `
insert into events (epoch, tx, job_id, team_id, type, what, data, cause)
select e.epoch,
       greatest(pg_current_xact_id()::text::bigint,
                (select max(tx) from events where job_id = $1 and epoch = e.epoch)),
       $1, $2, $3, $4, $5, $6
from (select max(epoch) as epoch from event_epochs) as e
returning seq`;

const APPEND_TO_EACH = `
insert into events (epoch, job_id, team_id, type, cause)
select (select max(epoch) from event_epochs), id, $2, $3, $4 from unnest($1::uuid[]) as new(id)`;

/** Writes events, in the transaction of the change that they tell of, and with them who has to be told. */
@Injectable()
export class EventLog {
  constructor(
    private readonly plan: NotificationPlan,
    private readonly bell: StreamBell,
  ) {}

  /** Returns the event's `seq`. */
  async append(tx: Transaction, about: Subject, cause: Cause, event: NewEvent): Promise<string> {
    const [row] = await tx.query<{ seq: string }>(APPEND, [
      about.jobId,
      about.teamId,
      event.type,
      jsonb(event.what ?? {}),
      jsonb(event.data),
      jsonb(cause),
    ]);
    if (!row) throw new Error('there is no epoch of events');
    if (event.data !== undefined) await this.plan.forEvent(tx, about, { ...event, seq: row.seq });
    this.bell.ringAfter(tx);
    return row.seq;
  }

  /** The same entry, of the timeline only, for each of many new jobs of a team, in the order of the ids. */
  async appendToEach(
    tx: Transaction,
    jobs: { ids: readonly string[]; teamId: string },
    cause: Cause,
    type: string,
  ): Promise<void> {
    await tx.execute(APPEND_TO_EACH, [jobs.ids, jobs.teamId, type, jsonb(cause)]);
    this.bell.ringAfter(tx);
  }
}
