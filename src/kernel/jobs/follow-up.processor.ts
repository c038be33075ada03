import { Injectable } from '@nestjs/common';
import { DAY, MINUTE, Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { wellFormed } from '../database/json-safe.js';
import { Observer } from '../observability/observer.js';
import type { Seen } from '../observability/observer.js';
import { Doorbell } from '../queue/doorbell.js';
import { whileLeased } from '../queue/lease.js';
import { within } from '../queue/within.js';
import { FollowUpRows } from './follow-up-rows.js';
import type { TakenFollowUp } from './follow-up-rows.js';
import { CANCEL_REQUESTED, followUpQueue, followUpRow, handlerQueue } from './follow-ups.js';
import { JobEventHandlers } from './handlers/job-event-handlers.js';
import type { Registered } from './handlers/job-event-handlers.js';
import { asHandledJob } from './handlers/on-job-event.js';
import { JobSnapshot } from './job-snapshot.js';
import { isSettled } from './job-status.js';
import { Job } from './job.entity.js';
import { JobsService } from './jobs.service.js';
import type { JobProvider } from './provider.js';
import { GiveUp } from './provider-errors.js';
import { ProviderRegistry } from './provider-registry.js';
import { KeptResults } from './results/kept-results.js';
import { RESULT_COPY, ResultCopies } from './results/result-copies.js';

const CONCURRENCY = 4;
const LEASE = MINUTE;
const RETRY = 5 * SECOND;
const RETRY_MAX = 30 * MINUTE;
/** Given up, visibly, after this long. */
export const FOLLOW_UP_LIFE = DAY;
const MAX_REASON = 500;

/** The vendor has not told its id yet, so there is nothing to cancel by. */
class NoIdYet extends Error {}

/** Who follows: a provider by its `after` and its `cancel`, or one handler of ours. Each has a queue of its own. */
interface Follower {
  unit: 'after' | 'handler';
  queue: string;
  provider: string;
  handler: string;
  /** Returns the outcome. */
  follow(job: Job, taken: TakenFollowUp): Promise<string>;
}

/** Does what follows an event: the provider's `after`, the cancelling of work that was handed out, and `@OnJobEvent`. */
@Injectable()
export class FollowUpProcessor {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly handlers: JobEventHandlers,
    private readonly rows: FollowUpRows,
    private readonly doorbell: Doorbell,
    private readonly jobs: JobsService,
    private readonly snapshot: JobSnapshot,
    private readonly results: KeptResults,
    private readonly copies: ResultCopies,
    private readonly database: Database,
    private readonly pace: Pace,
    private readonly observer: Observer,
  ) {}

  start(): void {
    const followers = [
      ...this.registry.all().map((provider) => this.ofProvider(provider)),
      ...this.handlers.all().map((handler) => this.ofHandler(handler)),
    ];
    for (const follower of followers)
      this.doorbell.answer(follower.queue, (row) => this.answer(follower, row), { concurrency: CONCURRENCY });
  }

  private ofProvider(provider: JobProvider): Follower {
    const { name } = provider;
    const follow: Follower['follow'] = async (job, { event }) => {
      if (event === CANCEL_REQUESTED) return this.cancel(provider, job);
      if (event === RESULT_COPY) return this.copies.write(job);
      await provider.after?.(this.snapshot.of(job), event);
      return 'done';
    };
    return { unit: 'after', queue: followUpQueue(name), provider: name, handler: '', follow };
  }

  private ofHandler({ name, timeoutMs, call }: Registered): Follower {
    const follow: Follower['follow'] = async (job, { event: type, attempt }) => {
      const time = new AbortController();
      // Also when it throws before it returns a promise.
      const work = async () => {
        await call(asHandledJob(job, this.snapshot.of(job)), { type, attempt, signal: time.signal });
      };
      await within(this.pace.patience(timeoutMs), work()).finally(() => time.abort());
      return 'done';
    };
    return { unit: 'handler', queue: handlerQueue(name), provider: '', handler: name, follow };
  }

  private async answer(follower: Follower, row: string | null): Promise<void> {
    const [jobId = '', event = ''] = (row ?? '').split(/\/(.*)/s);
    const lease = this.pace.patience(LEASE);
    const { unit, provider, handler } = follower;
    const taken = await this.rows.take({ jobId, event, handler }, lease);
    if (!taken) return;
    const ids = { jobId, follows: event, attempt: taken.attempt, ...(handler === '' ? {} : { handler }) };
    await this.observer.observe({ unit, provider, ids }, () =>
      whileLeased(
        lease,
        () => this.rows.dueIn(taken, lease),
        () => this.try(follower, taken),
      ),
    );
  }

  private async try(follower: Follower, taken: TakenFollowUp): Promise<Seen> {
    try {
      const job = await this.database.source.getRepository(Job).findOneByOrFail({ id: taken.jobId });
      const outcome = await follower.follow(job, taken);
      await this.rows.end(taken, 'done_at', null);
      return { outcome };
    } catch (error) {
      return this.later(follower, taken, error);
    }
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
    const answer = await provider.cancel?.(this.snapshot.of(job));
    const change = await this.results.aside(job, answer ?? null);
    if (change) await this.database.unitOfWork((tx) => this.jobs.change(tx, job.id, change, { by: 'cancel' }), 2);
    return 'asked';
  }

  private async later({ queue }: Follower, taken: TakenFollowUp, error: unknown): Promise<Seen> {
    const reason = wellFormed((error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON));
    const isOver = Date.now() - taken.createdAt.getTime() > this.pace.ms(FOLLOW_UP_LIFE);
    if (isOver || error instanceof GiveUp) {
      await this.rows.end(taken, 'gave_up_at', reason);
      return { outcome: 'gave_up', reason };
    }
    const backoff =
      error instanceof NoIdYet ? RETRY : Math.min(RETRY * 2 ** Math.min(taken.attempt - 1, 12), RETRY_MAX);
    const wait = this.pace.ms(backoff);
    await this.rows.dueIn(taken, wait, reason);
    this.doorbell.ringLater(queue, followUpRow(taken.jobId, taken.event), wait + 1);
    return { outcome: 'later', reason };
  }
}
