import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { wellFormed } from '../database/json-safe.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Doorbell } from '../queue/doorbell.js';
import type { Outcome } from './delivery.entity.js';
import { processQueue } from './inbox.service.js';

/** Rows of one transaction; none of ours may last. */
export const REPLAY_BATCH = 500;

export interface Asker {
  actor: string;
  reason?: string;
}

/** A delivery that is open again, and what it had come to before. */
export interface Reopened {
  id: string;
  receivedAt: Date;
  source: string;
  provider: string;
  outcome: Outcome;
  detail: string | null;
  jobId: string | null;
  number: number;
}

/** What the rows have to fit, as SQL about `d` with parameters from $3 on. */
export interface Wanted {
  sql: string;
  values: readonly unknown[];
}

/** What had become of it is kept, and it is opened, in one statement that accepts closed deliveries only. */
const reopen = (wanted: string) => `
with closed as (
  select d.id, d.received_at, d.source, d.provider, d.outcome, d.detail, d.job_id, d.closed_at, d.attempt from deliveries d
  where d.outcome is not null and ${wanted} order by d.received_at, d.id limit ${REPLAY_BATCH} for update
), kept as (
  insert into delivery_replays (received_at, delivery_id, number, actor, reason, outcome, detail, job_id, closed_at, attempt)
  select received_at, id, 1 + (select count(*) from delivery_replays r where r.received_at = closed.received_at and r.delivery_id = closed.id),
         $1, $2, outcome, detail, job_id, closed_at, attempt
  from closed returning delivery_id, number
), opened as (
  update deliveries d set outcome = null, detail = null, closed_at = null, due_at = now() from closed
  where d.received_at = closed.received_at and d.id = closed.id and d.outcome is not null returning d.id
)
select closed.id, received_at as "receivedAt", source, provider, outcome, detail, job_id as "jobId", number
from closed join opened on opened.id = closed.id join kept on kept.delivery_id = closed.id order by received_at, closed.id`;

const LAST = `
select asked_at as "askedAt", attempt from delivery_replays
where received_at = $1 and delivery_id = $2 order by number desc limit 1`;

/** Deliveries that are opened again, and when that was. */
@Injectable()
export class ReplayRows {
  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly metrics: KernelMetrics,
  ) {}

  /** Opens what fits, oldest first, at most a batch, and rings for it once that is committed. */
  async reopen(tx: Transaction, { actor, reason }: Asker, { sql, values }: Wanted): Promise<Reopened[]> {
    const why = reason === undefined ? null : wellFormed(reason);
    const rows = await tx.query<Reopened>(reopen(sql), [actor, why, ...values]);
    tx.afterCommit(() => rows.forEach((row) => this.announce(row)));
    return rows;
  }

  /** When a delivery was last replayed, and after how many attempts; null for one that never was. */
  async last(
    delivery: { id: string; receivedAt: Date },
    on: Pick<Transaction, 'query'> = this.database,
  ): Promise<{ askedAt: Date; attempt: number } | null> {
    const [row] = await on.query<{ askedAt: Date; attempt: number }>(LAST, [delivery.receivedAt, delivery.id]);
    return row ?? null;
  }

  private announce({ id, source, provider }: Reopened): void {
    this.metrics.replays.inc({ source });
    this.doorbell.ring(processQueue(provider), id);
  }
}
