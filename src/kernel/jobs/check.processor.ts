import { Injectable } from '@nestjs/common';
import { crashPoint } from '../config/crash-point.js';
import { HOUR, Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { Observer } from '../observability/observer.js';
import type { Seen, Unit } from '../observability/observer.js';
import { Doorbell } from '../queue/doorbell.js';
import { whileLeased } from '../queue/lease.js';
import type { Change, KeptChange } from './change.js';
import type { Cause } from '../notifications/cause.js';
import { nextCheck, withJitter } from './check-schedule.js';
import { DueChecks } from './due-checks.js';
import type { Job } from './job.entity.js';
import { JobSnapshot } from './job-snapshot.js';
import { isSettled } from './job-status.js';
import { JobsService } from './jobs.service.js';
import type { JobProvider } from './provider.js';
import { NotNow } from './provider-errors.js';
import { ProviderRegistry } from './provider-registry.js';
import { KeptResults } from './results/kept-results.js';
import { RowUpdate } from './row-update.js';

const CONCURRENCY = 4;
const LEASE = 60 * SECOND;
/** Fewer due jobs than this are cheaper one by one than by the vendor's list. */
const WORTH_A_LIST = 4;
/** A last check that fails is tried on for this long before the job expires without it. */
const LAST_CHECK_GRACE = HOUR;

export const checkQueue = (provider: string): string => `check:${provider}`;

type Answer = { change: KeptChange | null } | { error: unknown };

/** Asks vendors how jobs stand whose notice did not come, or was never expected. */
@Injectable()
export class CheckProcessor {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly doorbell: Doorbell,
    private readonly jobs: JobsService,
    private readonly due: DueChecks,
    private readonly snapshot: JobSnapshot,
    private readonly results: KeptResults,
    private readonly database: Database,
    private readonly pace: Pace,
    private readonly observer: Observer,
  ) {}

  start(): void {
    for (const provider of this.registry.all()) {
      this.doorbell.answer(checkQueue(provider.name), (jobId) => this.answer(provider, jobId), {
        concurrency: CONCURRENCY,
      });
    }
  }

  private async answer(provider: JobProvider, jobId: string | null): Promise<void> {
    const lease = this.pace.patience(LEASE);
    const taken = await this.due.take(provider, jobId, lease);
    if (taken.length === 0) return;
    crashPoint('check.taken');
    const inHand = new Set(taken);
    await whileLeased(
      lease,
      () => this.due.renew([...inHand], lease),
      () => this.ask(provider, inHand),
    );
  }

  private async ask(provider: JobProvider, inHand: Set<Job>): Promise<void> {
    const began = Date.now();
    const many = await this.askMany(provider, [...inHand]);
    for (const job of inHand) {
      const unit: Unit = { unit: 'check', provider: provider.name, ids: { jobId: job.id, attempt: job.attempt } };
      await this.observer
        .observe(unit, async () => {
          const listed = many.get(job.id);
          const asked = listed ? began : Date.now();
          return this.settle(provider, job, asked, listed ?? (await this.askOne(provider, job)));
        })
        .catch(() => undefined);
      inHand.delete(job);
    }
  }

  /** By the vendor's list. When that fails and so does one question, the vendor is away: nobody else is asked about. */
  private async askMany(provider: JobProvider, taken: readonly Job[]): Promise<Map<string, Answer>> {
    const [first] = taken;
    if (!provider.checkMany || !first || taken.length < WORTH_A_LIST) return new Map();
    try {
      const listed = await provider.checkMany(taken.map((job) => this.snapshot.of(job)));
      const answers = new Map<string, Answer>();
      for (const job of taken) {
        const change = listed.get(job.id);
        if (change !== undefined) answers.set(job.id, await this.aside(job, () => Promise.resolve(change)));
      }
      return answers;
    } catch (error) {
      const single = error instanceof NotNow ? { error } : await this.askOne(provider, first);
      if ('change' in single) return new Map([[first.id, single]]);
      return new Map(taken.map((job) => [job.id, single]));
    }
  }

  private async settle(provider: JobProvider, job: Job, asked: number, answer: Answer): Promise<Seen> {
    crashPoint('check.answered');
    // An answer that cannot be kept counts as none, or its job would be asked about for ever, past its deadline.
    const seen = await this.keep(provider, job, asked, answer).catch((error: unknown) =>
      'error' in answer ? Promise.reject(error as Error) : this.keep(provider, job, asked, { error }),
    );
    crashPoint('check.committed');
    return seen;
  }

  private keep(provider: JobProvider, job: Job, asked: number, answer: Answer): Promise<Seen> {
    return this.database.unitOfWork(async (tx) => {
      const cause: Cause = { by: 'check', attempt: job.attempt };
      const change = 'change' in answer ? answer.change : null;
      if (change) {
        const applied = await this.jobs.change(tx, job.id, change, cause, job.attempt);
        if (isSettled(applied.status)) return { outcome: applied.moved ? applied.status : 'overtaken' };
      }
      const now = await this.jobs.lock(tx, job.id);
      if (this.isOver(now, asked, 'error' in answer)) {
        const expired = await this.jobs.move(tx, now, 'expired', cause, { attempt: job.attempt });
        return { outcome: expired ? 'expired' : 'overtaken' };
      }
      // A success whose output is gone has its own next time, like a change that names one.
      const hasOwnTime = change?.checkAfter !== undefined || change?.to === 'succeeded';
      if (!hasOwnTime) await this.again(tx, provider, now, answer);
      return this.describe(answer);
    }, 2);
  }

  private askOne(provider: JobProvider, job: Job): Promise<Answer> {
    if (job.externalId === null) return Promise.resolve({ change: {} });
    return this.aside(job, () => provider.check(this.snapshot.of(job)));
  }

  /** An answer whose large result cannot be kept counts as none. */
  private async aside(job: Job, answer: () => Promise<Change | null>): Promise<Answer> {
    try {
      return { change: await this.results.aside(job, await answer()) };
    } catch (error) {
      return { error };
    }
  }

  /** A check that began after the deadline said nothing that settles; one that failed is tried on for a while. */
  private isOver(job: Job, asked: number, failed: boolean): boolean {
    if (!job.deadlineAt || isSettled(job.status)) return false;
    const grace = failed && job.externalId !== null ? this.pace.ms(LAST_CHECK_GRACE) : 0;
    return job.deadlineAt.getTime() + grace <= asked;
  }

  private describe(answer: Answer): Seen {
    if ('error' in answer)
      return { outcome: answer.error instanceof NotNow ? 'not_now' : 'failed', reason: String(answer.error) };
    return { outcome: answer.change ? 'open' : 'unrecognized' };
  }

  private async again(
    tx: Parameters<JobsService['lock']>[0],
    provider: JobProvider,
    job: Job,
    answer: Answer,
  ): Promise<void> {
    const { spec } = this.registry.ofKind(job.kind);
    const rhythm = job.webhook ? spec.checks.withWebhook : spec.checks.withoutWebhook;
    const load = { openJobs: await this.due.countOpen(tx, provider), perMinute: provider.checksPerMinute };
    const notNow = 'error' in answer && answer.error instanceof NotNow ? answer.error.afterMs : undefined;
    const wait = withJitter(notNow ?? this.pace.ms(nextCheck(rhythm, job.checks + 1, load)));
    const untilDeadline = job.deadlineAt ? job.deadlineAt.getTime() - Date.now() : Infinity;
    // One that began before the deadline and ended after it was not the last one yet: that follows at once.
    const isLast = untilDeadline <= 0 && 'change' in answer;
    const ms = isLast ? 0 : untilDeadline > 0 ? Math.min(wait, untilDeadline) : wait;
    const update = new RowUpdate().at('check_at', ms);
    if (notNow === undefined) update.raw('checks = checks + 1');
    if (await update.run(tx, job.id, { attempt: job.attempt })) {
      tx.afterCommit(() => this.doorbell.ringLater(checkQueue(provider.name), job.id, ms + 1));
    }
  }
}
