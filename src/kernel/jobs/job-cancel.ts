import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { Cause } from '../notifications/cause.js';
import { CANCELING } from './change-merge.js';
import { CANCEL_REQUESTED, FollowUps } from './follow-ups.js';
import type { Job } from './job.entity.js';
import { isSettled } from './job-status.js';
import { JobsService } from './jobs.service.js';
import { ProviderRegistry } from './provider-registry.js';
import { RowUpdate } from './row-update.js';
import { Timeline } from './timeline.js';

/** `asked`: its vendor is (already) being asked to; `settled`: it came to another end; `goesOn`: nobody can stop it. */
export type Cancelled = 'canceled' | 'asked' | 'settled' | 'goesOn';

/** Cancels jobs, as far as that is possible. */
@Injectable()
export class JobCancel {
  constructor(
    private readonly jobs: JobsService,
    private readonly registry: ProviderRegistry,
    private readonly followUps: FollowUps,
    private readonly timeline: Timeline,
  ) {}

  /** One job, whose row the transaction has locked. What was not handed out yet ends at once. Repeatable. */
  async cancel(tx: Transaction, job: Job, cause: Cause): Promise<Cancelled> {
    if (job.status === 'canceled') return 'canceled';
    if (isSettled(job.status)) return 'settled';
    if (job.cancelRequestedAt) return 'asked';
    if (job.status === 'queued') {
      await this.jobs.move(tx, job, 'canceled', cause);
      return 'canceled';
    }
    if (!this.registry.named(job.provider).cancel) return 'goesOn';
    await new RowUpdate().raw('cancel_requested_at = now()').value('phase', CANCELING).run(tx, job.id);
    await this.timeline.append(tx, job, cause, [{ type: CANCEL_REQUESTED }]);
    await this.followUps.plan(tx, job, CANCEL_REQUESTED);
    return 'asked';
  }
}
