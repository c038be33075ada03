import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import type { KeptChange } from './change.js';
import type { Cause } from '../notifications/cause.js';
import type { Job } from './job.entity.js';
import { RowUpdate } from './row-update.js';
import { Timeline } from './timeline.js';

/** The names that a vendor has for our jobs. */
@Injectable()
export class VendorIds {
  constructor(
    private readonly timeline: Timeline,
    private readonly metrics: KernelMetrics,
  ) {}

  /** The vendor's id is written once, in any state; a second one is shown and counted, never believed. */
  async keep(tx: Transaction, job: Job, change: KeptChange, cause: Cause): Promise<void> {
    for (const ref of change.refs ?? []) {
      await tx.execute('insert into job_refs (provider, ref, job_id) values ($1, $2, $3) on conflict do nothing', [
        job.provider,
        ref,
        job.id,
      ]);
    }
    const { externalId } = change;
    if (externalId === undefined || externalId === job.externalId) return;
    const taken = await tx.query('select 1 from jobs where provider = $1 and external_id = $2', [
      job.provider,
      externalId,
    ]);
    if (job.externalId === null && taken.length === 0) {
      const update = new RowUpdate().value('external_id', externalId);
      // Now there is somebody to ask about.
      if (job.status === 'unconfirmed') update.at('check_at', 0);
      await update.run(tx, job.id);
      job.externalId = externalId;
      return;
    }
    this.metrics.externalIdConflicts.inc({ provider: job.provider });
    const what = { kept: job.externalId, other: externalId };
    await this.timeline.append(tx, job, cause, [{ type: 'job.external_id_conflict', what }]);
  }
}
