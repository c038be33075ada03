import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../database/database.js';
import { jsonb } from '../../database/json-safe.js';
import type { Caller } from '../../teams/caller.js';
import { JobIntake } from '../job-intake.js';
import type { NewJob, RequestOf } from '../new-job.js';
import { BatchFaults } from './batch-faults.js';
import { BatchOrders } from './batch-orders.js';
import { BatchSize } from './batch-size.js';
import type { BatchRequest } from './batch.dto.js';

/** Takes a batch in: its row, all its jobs, and the claim on the idempotency key, in one transaction. */
@Injectable()
export class BatchIntake {
  constructor(
    private readonly intake: JobIntake,
    private readonly orders: BatchOrders,
  ) {}

  /** @throws a 400 that names every wrong field, a 503 naming missing keys, a 422 or 409 from the idempotency key */
  async create(caller: Caller, wanted: BatchRequest, request: RequestOf): Promise<{ id: string; replayed: boolean }> {
    const { kind, labels = {} } = wanted;
    const jobs = await this.orders.jobsOf(caller.teamId, wanted);
    return this.intake.once(caller, kind, request, async (tx, batchId) => {
      const inputs = await this.complete(tx, jobs, wanted.options);
      await tx.execute('insert into batches (id, team_id, kind, labels, total, open) values ($1, $2, $3, $4, $5, $5)', [
        batchId,
        caller.teamId,
        kind,
        jsonb(labels),
        jobs.length,
      ]);
      // Made in a row, so that the order of their ids is that of the items.
      const rows = jobs.map((job, i) => ({ ...job, input: inputs[i] ?? job.input, id: uuidv7() }));
      await this.intake.insert(tx, caller, { kind, jobs: rows, batchId }, request);
    });
  }

  /**
   * What must hold for each job, files that are still there; and what has to be looked up for it. All that is wrong is
   * named. Returns the inputs in the order of the jobs.
   */
  private async complete(
    tx: Transaction,
    jobs: readonly NewJob[],
    options: BatchRequest['options'],
  ): Promise<NewJob['input'][]> {
    const faults = new BatchFaults();
    const size = new BatchSize();
    const inputs: NewJob['input'][] = [];
    for (const [i, job] of jobs.entries()) {
      try {
        await job.provided?.(tx);
        inputs.push({ ...job.input, ...(await job.lookedUp?.(tx)) });
      } catch (error) {
        faults.add(i, error, options);
        if (faults.isFull) break;
        continue;
      }
      size.add(inputs.at(-1) ?? {});
    }
    faults.throwIfAny();
    return inputs;
  }
}
