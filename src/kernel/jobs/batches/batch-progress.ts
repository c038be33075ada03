import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/database.js';
import type { Cause } from '../../notifications/cause.js';
import { EventLog } from '../../notifications/event-log.js';

export const BATCH_FINISHED = 'batch.finished';

interface Counted {
  teamId: string;
  kind: string;
  labels: Record<string, string>;
  total: number;
  finishedAt: Date | null;
  notifyEndpoint: string | null;
}

/** The row's lock orders those who settle at the same time: exactly one of them brings the count to nothing. */
const COUNT = `
update batches set open = open - 1, finished_at = case when open = 1 then now() end where id = $1
returning team_id as "teamId", kind, labels, total, finished_at as "finishedAt",
          (select notify_endpoint from jobs where batch_id = $1 limit 1) as "notifyEndpoint"`;

/** Counts a batch down, in the transactions that settle its jobs. */
@Injectable()
export class BatchProgress {
  constructor(private readonly events: EventLog) {}

  /**
   * To be called once per job, where it is settled for the first time, after everything else that the transaction locks.
   * The last one announces `batch.finished`, so that the event and the settled job are there together or not at all.
   */
  async oneSettled(tx: Transaction, batchId: string, cause: Cause): Promise<void> {
    const [batch] = await tx.query<Counted>(COUNT, [batchId]);
    if (!batch?.finishedAt) return;
    const counts = await countsOf(tx, batchId);
    const { teamId, kind, labels, total, notifyEndpoint } = batch;
    const what = { batch: batchId, kind, labels, total, counts };
    const data = { batch: { id: batchId, kind, labels, total, counts, links: { self: `/v1/batches/${batchId}` } } };
    const about = { jobId: null, teamId, kind, labels, notifyEndpoint };
    await this.events.append(tx, about, cause, { type: BATCH_FINISHED, what, data });
  }
}

/** How many jobs of a batch are in each state; states that nobody is in are left out. */
export async function countsOf(where: Pick<Transaction, 'query'>, batchId: string): Promise<Record<string, number>> {
  const rows = await where.query<{ status: string; count: number }>(
    'select status, count(*)::int as count from jobs where batch_id = $1 group by status order by status',
    [batchId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}
