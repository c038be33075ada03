import { Injectable } from '@nestjs/common';
import { crashPoint } from '../config/crash-point.js';
import { MINUTE, Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Observer } from '../observability/observer.js';
import type { Seen } from '../observability/observer.js';
import { Doorbell } from '../queue/doorbell.js';
import { whileLeased } from '../queue/lease.js';
import type { KeptChange } from './change.js';
import type { Cause } from '../notifications/cause.js';
import type { Job } from './job.entity.js';
import { JobSnapshot } from './job-snapshot.js';
import { JobsService } from './jobs.service.js';
import { KeptResults } from './results/kept-results.js';
import type { JobProvider } from './provider.js';
import { NoPlace, NotNow, Refused, Unavailable } from './provider-errors.js';
import { ProviderHolds } from './provider-holds.js';
import { ProviderRegistry } from './provider-registry.js';
import { SUBMIT_LEASE, Turns } from './turns.js';

const CONCURRENCY = 8;
/** Bells kept for the moment when a vendor has places again; the sweep brings the others. */
const MAX_KEPT = 100;
const RETRY = 5 * SECOND;
const RETRY_MAX = 10 * MINUTE;

/** The step was overtaken: its lease ran out and the job went on without it. */
class LeaseLost extends Error {}

export const submitQueue = (provider: string): string => `submit:${provider}`;

/** Sends jobs to vendors: one bell, one job, one request that costs. */
@Injectable()
export class SubmitProcessor {
  private readonly full = new Map<string, { until: number; bells: number }>();

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly doorbell: Doorbell,
    private readonly turns: Turns,
    private readonly jobs: JobsService,
    private readonly holds: ProviderHolds,
    private readonly snapshot: JobSnapshot,
    private readonly results: KeptResults,
    private readonly database: Database,
    private readonly pace: Pace,
    private readonly observer: Observer,
    private readonly metrics: KernelMetrics,
  ) {}

  start(): void {
    for (const provider of this.registry.all()) {
      const { submitsAtOnce: concurrency = CONCURRENCY } = provider;
      this.doorbell.answer(submitQueue(provider.name), () => this.one(provider), { concurrency });
    }
  }

  private async one(provider: JobProvider): Promise<void> {
    if (this.isFull(provider.name)) return;
    const job = await this.turns.pick(provider.name);
    if (!job) return;
    crashPoint('submit.taken');
    const ids = { jobId: job.id, attempt: job.attempt };
    const seen = await this.observer.observe({ unit: 'submit', provider: provider.name, ids }, () =>
      this.send(provider, job),
    );
    this.metrics.submits.inc({ provider: provider.name, outcome: seen.outcome });
  }

  /** While a vendor has no place, no job is taken in hand only to be put back: a long queue would do nothing else. */
  private isFull(provider: string): boolean {
    const full = this.full.get(provider);
    const wait = full ? full.until - performance.now() : 0;
    if (!full || wait <= 0) return false;
    if (full.bells < MAX_KEPT) {
      full.bells += 1;
      this.doorbell.ringLater(submitQueue(provider), undefined, wait);
    }
    return true;
  }

  private async send(provider: JobProvider, job: Job): Promise<Seen> {
    const lease = this.pace.patience(SUBMIT_LEASE);
    let asked = false;
    const asking = async (chosen: { refs?: readonly string[] } = {}) => {
      await this.commitAsking(job, chosen.refs ?? [], lease);
      asked = true;
      crashPoint('submit.asked');
    };
    try {
      const view = this.snapshot.of(job);
      const change = await whileLeased(
        lease,
        () => this.renew(job, lease),
        async () => this.results.aside(job, await provider.submit(view, asking)),
      );
      crashPoint('submit.answered');
      const outcome = await this.settle(job, { to: 'running', ...change });
      crashPoint('submit.committed');
      return { outcome, externalId: change.externalId };
    } catch (error) {
      return this.sort(provider, job, error, asked);
    }
  }

  /** What a failed submit means. Whatever is not surely untaken is unclear, and unclear work is never sent twice. */
  private async sort(provider: JobProvider, job: Job, error: unknown, asked: boolean): Promise<Seen> {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof LeaseLost) return { outcome: 'overtaken' };
    if (error instanceof Refused) {
      await this.settle(job, { to: 'failed', error: { code: error.code, message: error.detail } });
      return { outcome: 'refused', code: error.code, reason: error.detail };
    }
    if (error instanceof Unavailable) {
      await this.holds.hold(provider.name, error.reason, error.afterMs);
      await this.requeue(job, 0, reason);
      return { outcome: 'unavailable', reason };
    }
    if (error instanceof NoPlace) this.full.set(provider.name, { until: performance.now() + error.afterMs, bells: 0 });
    if (error instanceof NotNow || !asked) {
      const backoff = this.pace.ms(Math.min(RETRY * 2 ** Math.min(job.attempt - 1, 10), RETRY_MAX));
      const dueIn = error instanceof NotNow ? (error.afterMs ?? backoff) : backoff;
      await this.requeue(job, dueIn, reason);
      this.doorbell.ringLater(submitQueue(provider.name), undefined, dueIn);
      return { outcome: 'not_now', reason, dueIn: Math.round(dueIn) };
    }
    await this.database.unitOfWork(async (tx) => {
      const locked = await this.jobs.lock(tx, job.id);
      await this.jobs.move(tx, locked, 'unconfirmed', this.cause(job), { attempt: job.attempt, what: { reason } });
    });
    return { outcome: 'unclear', reason };
  }

  private async settle(job: Job, change: KeptChange): Promise<string> {
    const applied = await this.database.unitOfWork(
      (tx) => this.jobs.change(tx, job.id, change, this.cause(job), job.attempt),
      2,
    );
    return applied.moved ? applied.status : 'overtaken';
  }

  private async requeue(job: Job, dueIn: number, reason: string): Promise<void> {
    await this.database.unitOfWork(async (tx) => {
      const locked = await this.jobs.lock(tx, job.id);
      await this.jobs.move(tx, locked, 'queued', this.cause(job), { attempt: job.attempt, dueIn, what: { reason } });
    });
  }

  private async commitAsking(job: Job, refs: readonly string[], lease: number): Promise<void> {
    await this.database.unitOfWork(async (tx) => {
      const held = await tx.execute(
        `update jobs set asked_at = now(), submit_at = now() + $3 * interval '1 millisecond', updated_at = now()
         where id = $1 and status = 'submitting' and attempt = $2`,
        [job.id, job.attempt, lease],
      );
      if (held === 0) throw new LeaseLost('the lease of this submit ran out');
      if (refs.length > 0) await this.jobs.change(tx, job.id, { refs }, this.cause(job));
    });
  }

  private async renew(job: Job, lease: number): Promise<void> {
    await this.database.execute(
      `update jobs set submit_at = now() + $3 * interval '1 millisecond' where id = $1 and status = 'submitting' and attempt = $2`,
      [job.id, job.attempt, lease],
    );
  }

  private cause(job: Job): Cause {
    return { by: 'submit', attempt: job.attempt };
  }
}
