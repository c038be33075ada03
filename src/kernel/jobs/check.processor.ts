import { Injectable } from '@nestjs/common';
import { crashPoint } from '../config/crash-point.js';
import { HOUR, Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { Observer } from '../observability/observer.js';
import type { Seen } from '../observability/observer.js';
import { Doorbell } from '../queue/doorbell.js';
import { whileLeased } from '../queue/lease.js';
import { Callback } from './callback.js';
import type { Cause, Change } from './change.js';
import { nextCheck, withJitter } from './check-schedule.js';
import { Job } from './job.entity.js';
import { asProviderJob } from './job-snapshot.js';
import { isSettled } from './job-status.js';
import { JobsService } from './jobs.service.js';
import type { JobProvider } from './provider.js';
import { NotNow } from './provider-errors.js';
import { ProviderRegistry } from './provider-registry.js';
import { RowUpdate } from './row-update.js';

const CONCURRENCY = 4;
export const CHECK_LEASE = 60 * SECOND;
/** One page of a vendor's list; fewer due jobs than `WORTH_A_LIST` are cheaper one by one. */
const BATCH = 100;
const WORTH_A_LIST = 4;
/** A last check that fails is tried on for this long before the job expires without it. */
const LAST_CHECK_GRACE = HOUR;

const OPEN = `status in ('running', 'unconfirmed')`;

export const checkQueue = (provider: string): string => `check:${provider}`;

type Answer = { change: Change | null } | { error: unknown };

/** Asks vendors how jobs stand whose notice did not come, or was never expected. */
@Injectable()
export class CheckProcessor {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly doorbell: Doorbell,
    private readonly jobs: JobsService,
    private readonly callback: Callback,
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
    const taken = await this.take(provider, jobId);
    if (taken.length === 0) return;
    crashPoint('check.taken');
    const lease = this.pace.patience(CHECK_LEASE);
    const inHand = new Set(taken);
    await whileLeased(
      lease,
      () => this.renew([...inHand], lease),
      () => this.ask(provider, inHand),
    );
  }

  private async ask(provider: JobProvider, inHand: Set<Job>): Promise<void> {
    const many = await this.askMany(provider, [...inHand]);
    for (const job of inHand) {
      const unit = { unit: 'check', provider: provider.name, ids: { jobId: job.id, attempt: job.attempt } };
      await this.observer
        .observe(unit, async () => this.settle(provider, job, many.get(job.id) ?? (await this.askOne(provider, job))))
        .catch(() => undefined);
      inHand.delete(job);
    }
  }

  /** By the vendor's list. When that fails and so does one question, the vendor is away: nobody else is asked about. */
  private async askMany(provider: JobProvider, taken: readonly Job[]): Promise<Map<string, Answer>> {
    const [first] = taken;
    if (!provider.checkMany || !first || taken.length < WORTH_A_LIST) return new Map();
    try {
      const listed = await provider.checkMany(taken.map((job) => asProviderJob(job, this.callback)));
      return new Map([...listed].map(([id, change]) => [id, { change }]));
    } catch (error) {
      const single = error instanceof NotNow ? { error } : await this.askOne(provider, first);
      if ('change' in single) return new Map([[first.id, single]]);
      return new Map(taken.map((job) => [job.id, single]));
    }
  }

  private async settle(provider: JobProvider, job: Job, answer: Answer): Promise<Seen> {
    crashPoint('check.answered');
    // An answer that cannot be kept counts as none, or its job would be asked about for ever, past its deadline.
    const seen = await this.keep(provider, job, answer).catch((error: unknown) =>
      'error' in answer ? Promise.reject(error as Error) : this.keep(provider, job, { error }),
    );
    crashPoint('check.committed');
    return seen;
  }

  private keep(provider: JobProvider, job: Job, answer: Answer): Promise<Seen> {
    return this.database.unitOfWork(async (tx) => {
      const cause: Cause = { by: 'check', attempt: job.attempt };
      const change = 'change' in answer ? answer.change : null;
      if (change) {
        const applied = await this.jobs.change(tx, job.id, change, cause, job.attempt);
        if (isSettled(applied.status)) return { outcome: applied.moved ? applied.status : 'overtaken' };
      }
      const now = await this.jobs.lock(tx, job.id);
      if (this.isOver(now, 'error' in answer)) {
        const expired = await this.jobs.move(tx, now, 'expired', cause, { attempt: job.attempt });
        return { outcome: expired ? 'expired' : 'overtaken' };
      }
      // A success whose output is gone has its own next time, like a change that names one.
      const hasOwnTime = change?.checkAfter !== undefined || change?.to === 'succeeded';
      if (!hasOwnTime) await this.again(tx, provider, now, answer);
      return this.describe(answer);
    }, 2);
  }

  private async askOne(provider: JobProvider, job: Job): Promise<Answer> {
    try {
      return { change: job.externalId === null ? {} : await provider.check(asProviderJob(job, this.callback)) };
    } catch (error) {
      return { error };
    }
  }

  /** The deadline is behind us and the last check said nothing that settles; one that failed is tried on for a while. */
  private isOver(job: Job, failed: boolean): boolean {
    if (!job.deadlineAt || isSettled(job.status)) return false;
    const grace = failed && job.externalId !== null ? this.pace.ms(LAST_CHECK_GRACE) : 0;
    return job.deadlineAt.getTime() + grace <= Date.now();
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
    const [open] = await tx.query<{ count: number }>(
      `select count(*)::int as count from jobs where provider = $1 and ${OPEN}`,
      [provider.name],
    );
    const rhythm = job.webhook ? spec.checks.withWebhook : spec.checks.withoutWebhook;
    const load = { openJobs: open?.count ?? 0, perMinute: provider.checksPerMinute };
    const notNow = 'error' in answer && answer.error instanceof NotNow ? answer.error.afterMs : undefined;
    const wait = withJitter(notNow ?? this.pace.ms(nextCheck(rhythm, job.checks + 1, load)));
    const untilDeadline = job.deadlineAt ? Math.max(job.deadlineAt.getTime() - Date.now(), 0) : Infinity;
    const ms = untilDeadline > 0 ? Math.min(wait, untilDeadline) : wait;
    const update = new RowUpdate().at('check_at', ms);
    if (notNow === undefined) update.raw('checks = checks + 1');
    if (await update.run(tx, job.id, { attempt: job.attempt })) {
      tx.afterCommit(() => this.doorbell.ringLater(checkQueue(provider.name), job.id, ms + 1));
    }
  }

  /** Leases the job that the bell named and, where the vendor has a list, all others that are due with it. */
  private async take(provider: JobProvider, jobId: string | null): Promise<Job[]> {
    const others = provider.checkMany ? 'or true' : '';
    const rows = await this.database.query<{ id: string }>(
      `update jobs set check_at = now() + $3 * interval '1 millisecond', attempt = attempt + 1, version = version + 1
       where id in (select id from jobs where provider = $1 and check_at <= now() and ${OPEN} and (id = $2 ${others})
                    order by id = $2 desc, check_at limit ${BATCH} for update skip locked)
       returning id`,
      [provider.name, jobId, this.pace.patience(CHECK_LEASE)],
    );
    if (rows.length === 0) return [];
    return this.database.source
      .getRepository(Job)
      .createQueryBuilder('job')
      .whereInIds(rows.map((row) => row.id))
      .getMany();
  }

  private async renew(taken: readonly Job[], lease: number): Promise<void> {
    await this.database.execute(
      `update jobs set check_at = now() + $2 * interval '1 millisecond', version = version + 1
       from unnest($1::uuid[], $3::int[]) as mine(id, attempt)
       where jobs.id = mine.id and jobs.attempt = mine.attempt and check_at > now() and ${OPEN}`,
      [taken.map((job) => job.id), lease, taken.map((job) => job.attempt)],
    );
  }
}
