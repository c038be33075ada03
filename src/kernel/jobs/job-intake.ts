import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { crashPoint } from '../config/crash-point.js';
import { ServiceEnv } from '../config/service.env.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import { providerNotConfigured } from '../http/problem.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Doorbell } from '../queue/doorbell.js';
import type { Caller } from '../teams/caller.js';
import { Idempotency } from '../teams/idempotency.js';
import type { Cause } from './change.js';
import { JobSecrets } from './job-secrets.js';
import { ProviderRegistry } from './provider-registry.js';
import { submitQueue } from './submit.processor.js';
import { Timeline } from './timeline.js';

export interface NewJob {
  kind: string;
  input: Record<string, unknown>;
  labels?: Record<string, string>;
  /** False: the vendor is given no address to call. */
  webhook?: boolean;
  /** What must hold for it to be made, in its own transaction; not asked again for a repeat. Throws what the caller is told. */
  provided?(tx: Transaction): Promise<void>;
  /** What of the input has to be looked up when it is made, likewise in its own transaction. */
  lookedUp?(tx: Transaction): Promise<Record<string, unknown>>;
}

/** What the HTTP request says about the job beyond its body. */
export interface RequestOf {
  /** Method and route template, for the idempotency key. */
  route: string;
  idempotencyKey?: string;
  /** The parsed body, for the idempotency key. */
  body: unknown;
  requestId: string;
  traceparent?: string;
}

/** Takes jobs in: one row, one timeline entry, one claim on the idempotency key, in one transaction; then the bell. */
@Injectable()
export class JobIntake {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly idempotency: Idempotency,
    private readonly timeline: Timeline,
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly env: ServiceEnv,
    private readonly secrets: JobSecrets,
    private readonly metrics: KernelMetrics,
  ) {}

  /** @throws a 503 naming the missing keys, a 422 or 409 from the idempotency key */
  async create(caller: Caller, wanted: NewJob, request: RequestOf): Promise<{ id: string; replayed: boolean }> {
    const { provider } = this.registry.ofKind(wanted.kind);
    const missing = provider.missingKeys();
    if (missing.length > 0) throw providerNotConfigured(provider.name, missing);
    const mine = uuidv7();
    return this.database.unitOfWork(async (tx) => {
      const id = await this.claim(tx, caller, request, mine);
      if (id !== mine) return { id, replayed: true };
      await wanted.provided?.(tx);
      const input = { ...wanted.input, ...(await wanted.lookedUp?.(tx)) };
      await this.insert(tx, caller, provider.name, { ...wanted, input }, { ...request, id });
      crashPoint('create.committing');
      tx.afterCommit(() => {
        crashPoint('create.committed');
        this.metrics.jobsCreated.inc({ kind: wanted.kind });
        this.doorbell.ring(submitQueue(provider.name));
      });
      return { id, replayed: false };
    });
  }

  private async claim(tx: Transaction, caller: Caller, request: RequestOf, jobId: string): Promise<string> {
    if (request.idempotencyKey === undefined) return jobId;
    const { route, body } = request;
    return this.idempotency.claim(tx, { teamId: caller.teamId, route, key: request.idempotencyKey, body, jobId });
  }

  private async insert(
    tx: Transaction,
    caller: Caller,
    provider: string,
    wanted: NewJob,
    request: RequestOf & { id: string },
  ): Promise<void> {
    const webhook = wanted.webhook !== false && this.env.PUBLIC_URL !== '';
    await tx.execute(
      `insert into jobs (id, team_id, provider, kind, input, labels, webhook, submit_at, traceparent)
       values ($1, $2, $3, $4, $5, $6, $7, now(), $8)`,
      [
        request.id,
        caller.teamId,
        provider,
        wanted.kind,
        jsonb(this.secrets.seal({ id: request.id, kind: wanted.kind }, 'input', wanted.input)),
        jsonb(wanted.labels ?? {}),
        webhook,
        request.traceparent ?? null,
      ],
    );
    await tx.execute('insert into turns (provider, team_id) values ($1, $2) on conflict do nothing', [
      provider,
      caller.teamId,
    ]);
    const cause: Cause = { by: 'api', key: caller.keyId, requestId: request.requestId };
    await this.timeline.append(tx, { id: request.id, teamId: caller.teamId }, cause, [
      { type: `${wanted.kind}.queued` },
    ]);
  }
}
