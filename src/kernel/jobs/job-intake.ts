import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { crashPoint } from '../config/crash-point.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { providerNotConfigured } from '../http/problem.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Doorbell } from '../queue/doorbell.js';
import type { Caller } from '../teams/caller.js';
import { Idempotency } from '../teams/idempotency.js';
import { sumOf } from '../teams/money.js';
import { TeamLimits } from '../teams/team-limits.js';
import { priceOf } from './job-price.js';
import { JobRows } from './job-rows.js';
import type { NewJobs } from './job-rows.js';
import type { NewJob, RequestOf } from './new-job.js';
import { ProviderRegistry } from './provider-registry.js';
import { submitQueue } from './submit.processor.js';

export type { NewJob, RequestOf } from './new-job.js';

/** More bells than workers have hands are topped up by the sweep. */
const MAX_BELLS = 100;

/** Takes jobs in: one row, one timeline entry, one claim on the idempotency key, in one transaction; then the bell. */
@Injectable()
export class JobIntake {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly idempotency: Idempotency,
    private readonly rows: JobRows,
    private readonly limits: TeamLimits,
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly metrics: KernelMetrics,
  ) {}

  /** @throws a 503 naming the missing keys, a 422 or 409 from the idempotency key, a 429 or 402 from the team's limits */
  async create(caller: Caller, wanted: NewJob, request: RequestOf): Promise<{ id: string; replayed: boolean }> {
    return this.once(caller, wanted.kind, request, async (tx, id) => {
      await wanted.provided?.(tx);
      const input = { ...wanted.input, ...(await wanted.lookedUp?.(tx)) };
      await this.insert(tx, caller, { kind: wanted.kind, jobs: [{ ...wanted, input, id }] }, request);
    });
  }

  /**
   * What a request makes, once: `make` gets the new id that the idempotency key will stand for, of a job or of what holds
   * many. @throws a 503 naming the missing keys, a 422 or 409 from the idempotency key
   */
  async once(
    caller: Caller,
    kind: string,
    request: RequestOf,
    make: (tx: Transaction, id: string) => Promise<void>,
  ): Promise<{ id: string; replayed: boolean }> {
    const { provider } = this.registry.ofKind(kind);
    const missing = provider.missingKeys();
    if (missing.length > 0) throw providerNotConfigured(provider.name, missing);
    const mine = uuidv7();
    return this.database.unitOfWork(async (tx) => {
      const id = await this.claim(tx, caller, request, mine);
      if (id !== mine) return { id, replayed: true };
      await make(tx, id);
      crashPoint('create.committing');
      return { id, replayed: false };
    }, 2);
  }

  /** The jobs themselves, inside of `once`, as far as the team's limits let them in; rings for them after the commit. */
  async insert(tx: Transaction, caller: Caller, made: Omit<NewJobs, 'provider'>, request: RequestOf): Promise<void> {
    const { kind } = made;
    const { provider, spec } = this.registry.ofKind(kind);
    const jobs = made.jobs.map((job) => ({ ...job, price: priceOf(spec, job.input) }));
    const price = sumOf(jobs.map((job) => job.price ?? 0));
    await this.limits.admit(tx, caller.teamId, { jobs: jobs.length, price });
    await this.rows.insert(tx, caller, { ...made, jobs, provider: provider.name }, request);
    tx.afterCommit(() => {
      crashPoint('create.committed');
      this.metrics.jobsCreated.inc({ kind }, jobs.length);
      for (let i = 0; i < Math.min(jobs.length, MAX_BELLS); i++) this.doorbell.ring(submitQueue(provider.name));
    });
  }

  private async claim(tx: Transaction, caller: Caller, request: RequestOf, jobId: string): Promise<string> {
    if (request.idempotencyKey === undefined) return jobId;
    const { route, body } = request;
    return this.idempotency.claim(tx, { teamId: caller.teamId, route, key: request.idempotencyKey, body, jobId });
  }
}
