import { Injectable } from '@nestjs/common';
import { crashPoint } from '../config/crash-point.js';
import { DAY, MINUTE, Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { wellFormed } from '../database/json-safe.js';
import type { KeptChange } from '../jobs/change.js';
import { mergeFacts } from '../jobs/change-merge.js';
import type { Cause } from '../notifications/cause.js';
import { checkQueue } from '../jobs/check.processor.js';
import { JobSnapshot } from '../jobs/job-snapshot.js';
import { Job } from '../jobs/job.entity.js';
import { JobsService } from '../jobs/jobs.service.js';
import { NotNow } from '../jobs/provider-errors.js';
import { ProviderRegistry } from '../jobs/provider-registry.js';
import { KeptResults } from '../jobs/results/kept-results.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Observer } from '../observability/observer.js';
import type { Seen, Unit } from '../observability/observer.js';
import { Doorbell } from '../queue/doorbell.js';
import { whileLeased } from '../queue/lease.js';
import type { Outcome } from './delivery.entity.js';
import { DeliveryRows, Overtaken } from './delivery-rows.js';
import type { TakenDelivery } from './delivery-rows.js';
import { processQueue } from './inbox.service.js';
import { NoticedWork } from './noticed-work.js';
import { ReplayRows } from './replay-rows.js';
import { SourceRegistry } from './source-registry.js';

const CONCURRENCY = 8;
export const PROCESS_LEASE = 60 * SECOND;
const RETRY = 5 * SECOND;
const RETRY_MAX = 10 * MINUTE;
/** A notice that comes to nothing is given up, visibly, this long after it came or was last replayed. */
const LIFE = DAY;
const MAX_DETAIL = 500;

type Reading = { job: Job; change: KeptChange | null };

/** Turns kept notices into changes of jobs. */
@Injectable()
export class ProcessProcessor {
  constructor(
    private readonly sources: SourceRegistry,
    private readonly providers: ProviderRegistry,
    private readonly rows: DeliveryRows,
    private readonly work: NoticedWork,
    private readonly jobs: JobsService,
    private readonly snapshot: JobSnapshot,
    private readonly results: KeptResults,
    private readonly replays: ReplayRows,
    private readonly doorbell: Doorbell,
    private readonly database: Database,
    private readonly pace: Pace,
    private readonly observer: Observer,
    private readonly metrics: KernelMetrics,
  ) {}

  start(): void {
    for (const provider of new Set(this.sources.all().map((source) => source.provider))) {
      this.doorbell.answer(processQueue(provider), (id) => this.answer(id), { concurrency: CONCURRENCY });
    }
  }

  private async answer(id: string | null): Promise<void> {
    if (id === null) return;
    const lease = this.pace.patience(PROCESS_LEASE);
    const delivery = await this.rows.take(id, lease);
    if (!delivery) return;
    crashPoint('notice.taken');
    const unit: Unit = {
      unit: 'process',
      provider: delivery.provider,
      ids: { deliveryId: id, attempt: delivery.attempt },
    };
    const seen = await this.observer.observe(unit, () =>
      whileLeased(
        lease,
        () => this.rows.renew(delivery, lease),
        () => this.process(delivery),
      ),
    );
    this.metrics.deliveriesProcessed.inc({ source: delivery.source, outcome: seen.outcome });
  }

  private async process(delivery: TakenDelivery): Promise<Seen> {
    try {
      const match = await this.work.find(delivery);
      if ('mismatch' in match) return await this.close(delivery, 'mismatch', match.mismatch);
      if (match.jobs.length === 0) return await this.unmatched(delivery);
      const readings = await this.interpret(delivery, match.jobs);
      crashPoint('notice.interpreted');
      const seen = await this.apply(delivery, readings);
      crashPoint('notice.committed');
      return seen;
    } catch (error) {
      if (error instanceof Overtaken) return { outcome: 'overtaken' };
      const after = error instanceof NotNow ? error.afterMs : undefined;
      // Maybe the vendor's own words: they must not keep the delivery from waiting, and from dying.
      const reason = error instanceof Error ? error.message : String(error);
      return this.later(delivery, wellFormed(reason.slice(0, MAX_DETAIL)), after);
    }
  }

  /** No job of ours: news for the source itself, or a job that we do not know yet. */
  private async unmatched(delivery: TakenDelivery): Promise<Seen> {
    const source = this.sources.named(delivery.source);
    if (!source?.handle) return this.later(delivery, 'no job of ours is known by its ids');
    const news = await source.handle({ ...delivery, callback: null });
    return news
      ? this.later(delivery, 'the source asked for another try', this.pace.ms(news.again * SECOND))
      : this.close(delivery, 'handled', null);
  }

  private async interpret(delivery: TakenDelivery, jobIds: readonly string[]): Promise<Reading[]> {
    const provider = this.providers.named(delivery.provider);
    const readings: Reading[] = [];
    for (const id of jobIds) {
      const job = await this.database.source.getRepository(Job).findOneByOrFail({ id });
      const change = await provider.interpret(delivery, this.snapshot.of(job));
      readings.push({ job, change: await this.results.aside(job, change) });
    }
    return readings;
  }

  /** One transaction: the delivery is closed where it is still open, the jobs change, the timeline is written. */
  private apply(delivery: TakenDelivery, readings: readonly Reading[]): Promise<Seen> {
    return this.database.unitOfWork(async (tx) => {
      await this.rows.claim(tx, delivery);
      const outcomes = new Set<Outcome>();
      for (const { job, change } of readings) outcomes.add(await this.applyOne(tx, delivery, job, change));
      const outcome = (['applied', 'unrecognized', 'ignored'] as const).find((word) => outcomes.has(word)) ?? 'ignored';
      const [first] = readings;
      await this.rows.write(tx, delivery, { outcome, detail: null, jobId: first?.job.id ?? null });
      return { outcome, jobId: first?.job.id };
    }, 2);
  }

  private async applyOne(
    tx: Transaction,
    delivery: TakenDelivery,
    job: Job,
    change: KeptChange | null,
  ): Promise<Outcome> {
    const cause: Cause = { by: 'notice', delivery: delivery.id };
    if (change) {
      const news = await this.withoutOldFacts(tx, delivery, job.id, change);
      return (await this.jobs.change(tx, job.id, news, cause)).changed ? 'applied' : 'ignored';
    }
    const note = { text: 'a notice came whose status is none that we know; the vendor is asked' };
    await this.jobs.change(tx, job.id, { note, checkAfter: 0 }, cause);
    tx.afterCommit(() => this.doorbell.ring(checkQueue(job.provider), job.id));
    return 'unrecognized';
  }

  /** What a replay says may be older than what is known: it fills gaps, and overwrites nothing. */
  private async withoutOldFacts(
    tx: Transaction,
    delivery: TakenDelivery,
    jobId: string,
    change: KeptChange,
  ): Promise<KeptChange> {
    if (!change.facts || !(await this.replays.last(delivery, tx))) return change;
    return { ...change, facts: mergeFacts(change.facts, (await this.jobs.lock(tx, jobId)).facts) };
  }

  private async close(
    delivery: TakenDelivery,
    outcome: Outcome,
    detail: string | null,
    jobId: string | null = null,
  ): Promise<Seen> {
    await this.rows.close(delivery, { outcome, detail, jobId });
    return { outcome, detail };
  }

  /** Waits for a better moment, in real milliseconds where one is named; after a day it dies where everybody can see it. */
  private async later(delivery: TakenDelivery, detail: string, after?: number): Promise<Seen> {
    const replay = await this.replays.last(delivery);
    const age = Date.now() - (replay?.askedAt ?? delivery.receivedAt).getTime();
    // A replayed one stays with the job that it once changed.
    if (age > this.pace.ms(LIFE)) return this.close(delivery, 'dead', detail, delivery.jobId);
    const tries = delivery.attempt - (replay?.attempt ?? 0);
    const wait = after ?? this.pace.ms(Math.min(RETRY * 2 ** Math.min(tries - 1, 10), RETRY_MAX));
    await this.rows.wait(delivery, wait, detail);
    this.doorbell.ringLater(processQueue(delivery.provider), delivery.id, wait + 1);
    return { outcome: 'waiting', detail };
  }
}
