import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { Cause } from '../notifications/cause.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { AnnouncedJob } from './announced-job.js';
import { BatchProgress } from './batches/batch-progress.js';
import { FollowUps } from './follow-ups.js';
import type { Job } from './job.entity.js';
import { isSettled } from './job-status.js';
import type { JobStatus } from './job-status.js';
import { ProviderRegistry } from './provider-registry.js';
import { RESULT_COPY, ResultCopies } from './results/result-copies.js';
import { SettledWatch } from './settled-watch.js';
import { Timeline } from './timeline.js';
import type { Entry } from './timeline.js';

/** What is told of a change, and what has to follow it: all written in the change's own transaction. */
@Injectable()
export class JobAnnouncements {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly timeline: Timeline,
    private readonly announced: AnnouncedJob,
    private readonly followUps: FollowUps,
    private readonly batches: BatchProgress,
    private readonly copies: ResultCopies,
    private readonly watch: SettledWatch,
    private readonly metrics: KernelMetrics,
    private readonly logger: AppLogger,
  ) {}

  /** Entries of the timeline; those of announced phases are told to the team and followed. */
  async entries(tx: Transaction, job: Job, cause: Cause, entries: readonly Entry[]): Promise<void> {
    const provider = this.registry.named(job.provider);
    const announced = this.registry.announcedPhases(job.kind);
    for (const entry of entries) {
      const isTold = announced.has(entry.type);
      const told = isTold ? { ...entry, data: await this.announced.data(tx, job.id) } : entry;
      await this.timeline.append(tx, job, cause, [told]);
      if (isTold) await this.followUps.planFor(tx, job, entry.type, provider);
    }
  }

  /** A move that was made; `job` is as it was before it. */
  async moved(tx: Transaction, job: Job, to: JobStatus, cause: Cause, what: Record<string, unknown>): Promise<void> {
    tx.afterCommit(() => this.tell(job, to, cause));
    const type = `${job.kind}.${to}`;
    const late = job.status === 'expired' ? { late: true } : {};
    const entry = { type, what: { from: job.status, ...late, ...what } };
    if (!isSettled(to)) return this.timeline.append(tx, job, cause, [entry]);
    await this.timeline.append(tx, job, cause, [{ ...entry, data: await this.announced.data(tx, job.id, late) }]);
    tx.afterCommit(() => this.count(job, to, cause));
    await this.followUps.planFor(tx, job, type, this.registry.named(job.provider));
    if (to === 'succeeded' && this.copies.isOn) await this.followUps.plan(tx, job, RESULT_COPY);
    // What comes late after `expired` was counted then.
    if (job.batchId !== null && !isSettled(job.status)) await this.batches.oneSettled(tx, job.batchId, cause);
  }

  private tell({ id: jobId, provider, kind, status: from }: Job, to: JobStatus, { by }: Cause): void {
    this.logger.wide('job.changed', 'job', { jobId, provider, kind, from, to, by });
  }

  private count(job: Job, to: JobStatus, cause: Cause): void {
    this.metrics.jobsSettled.inc({ kind: job.kind, status: to, by: cause.by });
    this.metrics.jobDuration.observe({ kind: job.kind, status: to }, (Date.now() - job.createdAt.getTime()) / 1_000);
    this.metrics.requestsPerJob.observe({ kind: job.kind }, job.attempt);
    if (cause.repair) this.metrics.repairs.inc({ kind: job.kind });
    if (job.status === 'expired') this.metrics.lateSettles.inc({ kind: job.kind });
    this.watch.settled(job.id);
  }
}
