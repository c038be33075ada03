import { Injectable } from '@nestjs/common';
import { DAY, Pace } from '../config/pace.js';
import { Database } from '../database/database.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Doorbell } from '../queue/doorbell.js';
import type { Sweeper } from '../queue/sweep.js';
import { checkQueue } from './check.processor.js';
import type { Cause } from '../notifications/cause.js';
import { Job } from './job.entity.js';
import type { JobError } from './job.entity.js';
import type { JobStatus } from './job-status.js';
import { JobsService } from './jobs.service.js';
import { ProviderHolds } from './provider-holds.js';
import { ProviderRegistry } from './provider-registry.js';
import { submitQueue } from './submit.processor.js';

const MAX_BELLS = 100;
const MAX_ROWS = 500;
const QUEUED_LIFE = 7 * DAY;
/** Work that is `safe` to send again is sent again this often. */
const MAX_RESUBMITS = 2;

const BY_SWEEP: Cause = { by: 'sweep' };

/** Rings for jobs that are due, takes over from workers that vanished, and ends what waited too long. */
@Injectable()
export class JobsSweeper implements Sweeper {
  readonly name = 'jobs';

  constructor(
    private readonly database: Database,
    private readonly registry: ProviderRegistry,
    private readonly doorbell: Doorbell,
    private readonly jobs: JobsService,
    private readonly holds: ProviderHolds,
    private readonly metrics: KernelMetrics,
    private readonly pace: Pace,
  ) {}

  async sweep(): Promise<number> {
    await this.recoverLapsed();
    await this.expire();
    return (await this.ringSubmits()) + (await this.ringChecks());
  }

  /** Tops the anonymous bells of each provider up to the number of due jobs, 100 at most. */
  private async ringSubmits(): Promise<number> {
    const held = await this.holds.held();
    const rows = await this.database.query<{ provider: string; due: number; oldest: number }>(
      `select provider, count(*)::int as due, extract(epoch from now() - min(submit_at))::float8 as oldest
       from jobs where status = 'queued' and submit_at <= now() group by provider`,
    );
    const due = new Map(rows.map((row) => [row.provider, row]));
    let rung = 0;
    for (const { name } of this.registry.all()) {
      const { due: count, oldest } = due.get(name) ?? { due: 0, oldest: 0 };
      this.metrics.queueDue.set({ queue: submitQueue(name) }, count);
      this.metrics.queueOldest.set({ queue: submitQueue(name) }, oldest);
      if (held.has(name)) continue;
      const missing = Math.min(count, MAX_BELLS) - (await this.doorbell.waiting(submitQueue(name)));
      for (let i = 0; i < missing; i++, rung++) this.doorbell.ring(submitQueue(name));
    }
    return rung;
  }

  private async ringChecks(): Promise<number> {
    const rows = await this.database.query<{ id: string; provider: string; age: number }>(
      `select id, provider, extract(epoch from now() - check_at)::float8 as age from jobs where check_at <= now() and status in ('running', 'unconfirmed') order by check_at limit $1`,
      [MAX_ROWS],
    );
    for (const { name } of this.registry.all()) {
      const mine = rows.filter((row) => row.provider === name);
      this.metrics.queueDue.set({ queue: checkQueue(name) }, mine.length);
      this.metrics.queueOldest.set({ queue: checkQueue(name) }, mine[0]?.age ?? 0);
    }
    for (const row of rows) this.doorbell.ring(checkQueue(row.provider), row.id);
    return rows.length;
  }

  /** The lease of a submit ran out: its worker is gone. What was asked of the vendor meanwhile decides. */
  private async recoverLapsed(): Promise<void> {
    const lapsed = await this.database.query<{ id: string }>(
      `select id from jobs where status = 'submitting' and submit_at <= now() order by submit_at limit $1`,
      [MAX_ROWS],
    );
    for (const { id } of lapsed) {
      await this.database.unitOfWork(async (tx) => {
        const job = await this.jobs.lock(tx, id);
        // The database's clock decides, and the row may have been answered or renewed since it was listed.
        const [still] = await tx.query(
          `select 1 from jobs where id = $1 and status = 'submitting' and submit_at <= now()`,
          [id],
        );
        if (!still) return;
        const { to, error } = this.afterLapse(job);
        await this.jobs.move(tx, job, to, BY_SWEEP, {
          attempt: job.attempt,
          also: (update) => {
            // The vanished worker, should it wake up, must find that its attempt is over.
            update.raw('attempt = attempt + 1').raw(`resubmits = resubmits + ${job.askedAt ? 1 : 0}`);
            if (error) update.json('error', error);
          },
          what: {
            reason: job.askedAt
              ? 'the worker vanished after it had asked the vendor'
              : 'the worker vanished before it asked',
            ...(error ? { error } : {}),
          },
        });
        this.metrics.leasesLapsed.inc({ provider: job.provider });
      });
    }
  }

  private afterLapse(job: Job): { to: JobStatus; error?: JobError } {
    const { resubmit, givenUp } = this.registry.ofKind(job.kind).spec;
    if (job.askedAt === null || (resubmit === 'safe' && job.resubmits < MAX_RESUBMITS)) return { to: 'queued' };
    return givenUp ? { to: 'failed', error: givenUp } : { to: 'unconfirmed' };
  }

  /** Queued for seven days, or past the deadline with nobody to ask. */
  private async expire(): Promise<void> {
    const over = await this.database.query<{ id: string }>(
      `select id from jobs where (status = 'queued' and created_at <= now() - $1 * interval '1 millisecond')
         or (status in ('running', 'unconfirmed') and check_at is null and deadline_at <= now()) limit $2`,
      [this.pace.ms(QUEUED_LIFE), MAX_ROWS],
    );
    for (const { id } of over) {
      await this.database.unitOfWork(async (tx) => {
        const job = await this.jobs.lock(tx, id);
        if (job.status !== 'queued' && job.checkAt !== null) return;
        await this.jobs.move(tx, job, 'expired', BY_SWEEP, { attempt: job.attempt });
      });
    }
  }
}
