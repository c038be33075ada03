import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/database.js';
import { AuditLog, actorOf } from '../../teams/audit-log.js';
import type { Caller } from '../../teams/caller.js';
import type { Cause } from '../../notifications/cause.js';
import { JobCancel } from '../job-cancel.js';
import type { Cancelled } from '../job-cancel.js';
import { Job } from '../job.entity.js';
import { JOB_STATUSES, isSettled } from '../job-status.js';
import type { Batch } from './batch.entity.js';
import { BatchQueries } from './batch-queries.js';
import type { BatchCancelView } from './batch.view.js';

/** No transaction holds many jobs for long; others settle theirs in between. */
const AT_A_TIME = 100;
const OPEN = JOB_STATUSES.filter((status) => !isSettled(status));

/** Cancels what of a batch can be canceled. */
@Injectable()
export class BatchCancel {
  constructor(
    private readonly queries: BatchQueries,
    private readonly canceling: JobCancel,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** Repeatable; never fails because of a job that goes on. @throws a 404 */
  async cancel(caller: Caller, id: string): Promise<BatchCancelView> {
    const batch = await this.queries.get(caller, id);
    const came: Record<Cancelled, number> = { canceled: 0, asked: 0, settled: 0, goesOn: 0 };
    for (let after: string | undefined = batch.id; after !== undefined;)
      after = await this.some(caller, batch, after, came);
    const { canceled, asked, goesOn: goOn } = came;
    return { ...(await this.queries.view(caller, id)), canceled, asked, goOn };
  }

  /**
   * The next jobs by id; a batch's id is older than those of its jobs. Their rows are locked all at once and before the
   * batch's own, as by everybody who settles a job: nobody waits in a circle. Returns where to go on.
   */
  private some(caller: Caller, batch: Batch, after: string, came: Record<Cancelled, number>) {
    const cause: Cause = { by: 'api', key: caller.keyId };
    return this.database.unitOfWork(async (tx) => {
      const jobs = await tx.manager.find(Job, {
        where: { batchId: batch.id, id: MoreThan(after), status: In(OPEN) },
        order: { id: 'ASC' },
        take: AT_A_TIME,
        lock: { mode: 'pessimistic_write' },
      });
      const words: Cancelled[] = [];
      for (const job of jobs) words.push(await this.canceling.cancel(tx, job, cause));
      if (batch.teamId !== caller.teamId) await this.tell(tx, caller, batch, jobs, words);
      tx.afterCommit(() => words.forEach((word) => (came[word] += 1)));
      return jobs.length === AT_A_TIME ? jobs.at(-1)?.id : undefined;
    });
  }

  /** Another team's batch was canceled by those who run the service: an entry for each transaction that does a part of it. */
  private async tell(
    tx: Transaction,
    caller: Caller,
    { id, teamId }: Batch,
    jobs: readonly Job[],
    words: readonly Cancelled[],
  ): Promise<void> {
    const canceled = words.filter((word) => word === 'canceled').length;
    const asked = words.filter((word, i) => word === 'asked' && !jobs[i]?.cancelRequestedAt).length;
    if (canceled + asked === 0) return;
    const act = { actor: actorOf(caller), teamId, action: 'batch.cancel', subject: `batch:${id}` };
    await this.audit.write(tx, { ...act, before: { open: jobs.length }, after: { canceled, asked } });
  }
}
