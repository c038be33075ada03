import { Injectable } from '@nestjs/common';
import { DAY, MINUTE, Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { Observer } from '../observability/observer.js';
import type { Seen } from '../observability/observer.js';
import { Doorbell } from '../queue/doorbell.js';
import { whileLeased } from '../queue/lease.js';
import { CANCEL_REQUESTED, followUpQueue, followUpRow } from './follow-ups.js';
import { JobSnapshot } from './job-snapshot.js';
import { isSettled } from './job-status.js';
import { Job } from './job.entity.js';
import { JobsService } from './jobs.service.js';
import type { JobProvider } from './provider.js';
import { ProviderRegistry } from './provider-registry.js';
import { RowUpdate } from './row-update.js';

const CONCURRENCY = 4;
const LEASE = MINUTE;
const RETRY = 5 * SECOND;
const RETRY_MAX = 30 * MINUTE;
/** Given up, visibly, after this long. */
const LIFE = DAY;

/** The vendor has not told its id yet, so there is nothing to cancel by. */
class NoIdYet extends Error {}

const TAKE = `
update follow_ups set due_at = now() + $3 * interval '1 millisecond', attempt = attempt + 1
where job_id = $1 and event = $2 and due_at <= now() returning attempt, created_at as "createdAt"`;

/** Does what follows an event: the provider's `after`, and the cancelling of work that was handed out. */
@Injectable()
export class FollowUpProcessor {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly doorbell: Doorbell,
    private readonly jobs: JobsService,
    private readonly snapshot: JobSnapshot,
    private readonly database: Database,
    private readonly pace: Pace,
    private readonly observer: Observer,
  ) {}

  start(): void {
    for (const provider of this.registry.all()) {
      const answer = (row: string | null) => this.answer(provider, row);
      this.doorbell.answer(followUpQueue(provider.name), answer, { concurrency: CONCURRENCY });
    }
  }

  private async answer(provider: JobProvider, row: string | null): Promise<void> {
    const [jobId = '', event = ''] = (row ?? '').split(/\/(.*)/s);
    const lease = this.pace.patience(LEASE);
    const [taken] = await this.database.query<{ attempt: number; createdAt: Date }>(TAKE, [jobId, event, lease]);
    if (!taken) return;
    const unit = { unit: 'after', provider: provider.name, ids: { jobId, event, attempt: taken.attempt } };
    const renew = () => this.reschedule(jobId, event, taken.attempt, lease);
    await this.observer.observe(unit, () =>
      whileLeased(lease, renew, async () => {
        try {
          const outcome = await this.work(provider, jobId, event);
          await this.end(jobId, event, taken.attempt, 'done_at', null);
          return { outcome };
        } catch (error) {
          return this.later(provider, { jobId, event, ...taken }, error);
        }
      }),
    );
  }

  private async work(provider: JobProvider, jobId: string, event: string): Promise<string> {
    const job = await this.database.source.getRepository(Job).findOneByOrFail({ id: jobId });
    if (event === CANCEL_REQUESTED) return this.cancel(provider, job);
    await provider.after?.(this.snapshot.of(job), event);
    return 'done';
  }

  /** A completion that came first wins; without the vendor's id the cancel waits until there is one. */
  private async cancel(provider: JobProvider, job: Job): Promise<string> {
    if (isSettled(job.status)) return 'overtaken';
    if (job.status === 'queued') {
      await this.database.unitOfWork(async (tx) => {
        await this.jobs.move(tx, await this.jobs.lock(tx, job.id), 'canceled', { by: 'api' });
      });
      return 'canceled';
    }
    if (job.externalId === null) throw new NoIdYet('the vendor has not told its id of the job yet');
    const change = await provider.cancel?.(this.snapshot.of(job));
    if (change) await this.database.unitOfWork((tx) => this.jobs.change(tx, job.id, change, { by: 'cancel' }), 2);
    return 'asked';
  }

  private async later(
    provider: JobProvider,
    row: { jobId: string; event: string; attempt: number; createdAt: Date },
    error: unknown,
  ): Promise<Seen> {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    if (Date.now() - row.createdAt.getTime() > this.pace.ms(LIFE)) {
      await this.end(row.jobId, row.event, row.attempt, 'gave_up_at', reason);
      return { outcome: 'gave_up', reason };
    }
    const backoff = error instanceof NoIdYet ? RETRY : Math.min(RETRY * 2 ** Math.min(row.attempt - 1, 12), RETRY_MAX);
    const wait = this.pace.ms(backoff);
    await this.reschedule(row.jobId, row.event, row.attempt, wait, reason);
    this.doorbell.ringLater(followUpQueue(provider.name), followUpRow(row.jobId, row.event), wait + 1);
    return { outcome: 'later', reason };
  }

  private async reschedule(jobId: string, event: string, attempt: number, ms: number, error?: string): Promise<void> {
    await this.database.execute(
      `update follow_ups set due_at = now() + $4 * interval '1 millisecond', last_error = coalesce($5, last_error)
       where job_id = $1 and event = $2 and attempt = $3 and due_at is not null`,
      [jobId, event, attempt, ms, error ?? null],
    );
  }

  private async end(
    jobId: string,
    event: string,
    attempt: number,
    how: 'done_at' | 'gave_up_at',
    error: string | null,
  ) {
    await this.database.unitOfWork(async (tx) => {
      const sql = `update follow_ups set due_at = null, ${how} = now(), last_error = $4 where job_id = $1 and event = $2 and attempt = $3`;
      // The job's view shows it, so its ETag has to change with it.
      if (await tx.execute(sql, [jobId, event, attempt, error])) await new RowUpdate().run(tx, jobId);
    });
  }
}
