import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { MINUTE, Pace } from '../config/pace.js';
import type { Transaction } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { JobSecrets } from './job-secrets.js';
import type { Job } from './job.entity.js';
import { ProviderRegistry } from './provider-registry.js';
import { Timeline } from './timeline.js';

/** Work that was started elsewhere and that a notice tells of: it runs already. */
export interface OpenedWork {
  kind: string;
  /** The vendor's id. */
  externalId: string;
  /** Name of the team that it belongs to. */
  team: string;
  input: Record<string, unknown>;
  facts?: Record<string, unknown>;
}

/** The notice that tells of it. */
export interface OpeningNotice {
  id: string;
  receivedAt: Date;
  source: string;
}

/** Ours and the database's clock: how far they may be apart. */
const CLOCKS = MINUTE;

const INSERT = `
insert into jobs (id, team_id, provider, kind, status, external_id, input, facts, webhook, started_at, deadline_at, check_at)
values ($1, $2, $3, $4, 'running', $5, $6, $7, true, now(), now() + $8 * interval '1 millisecond',
        now() + $9 * interval '1 millisecond')
on conflict (provider, external_id) do nothing`;

/**
 * A job of ours that the vendor was asked for before the notice came, and whose vendor id is not known yet: the notice may be
 * about that one. What was asked for later cannot be meant, so that a busy service does not make such notices wait for ever;
 * and what has a ref of ours would have been found by it.
 */
const MAYBE_OURS = `
select id from jobs where provider = $1 and external_id is null and status in ('submitting', 'unconfirmed', 'running')
  and asked_at <= $2::timestamptz + $3 * interval '1 millisecond'
  and not exists (select 1 from job_refs where job_refs.job_id = jobs.id)
order by id limit 1`;

/**
 * Opens jobs for work that was started elsewhere. It has happened already: no limit and no budget refuses it, it has no
 * price here, and it counts as created.
 */
@Injectable()
export class JobOpening {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly secrets: JobSecrets,
    private readonly timeline: Timeline,
    private readonly pace: Pace,
    private readonly metrics: KernelMetrics,
  ) {}

  /**
   * Once: where there is a job with that id already, nothing is done. @throws while it cannot be told whether the work is
   * ours, and where there is no such team: the notice waits
   */
  async open(tx: Transaction, work: OpenedWork, notice: OpeningNotice): Promise<void> {
    const { kind, externalId, input, facts = {} } = work;
    const { provider, spec } = this.registry.ofKind(kind);
    await this.refuseMaybeOurs(tx, provider.name, notice.receivedAt);
    const job: Pick<Job, 'id' | 'teamId' | 'kind'> = { id: uuidv7(), teamId: await this.teamId(tx, work.team), kind };
    const made = await tx.execute(INSERT, [
      job.id,
      job.teamId,
      provider.name,
      kind,
      externalId,
      jsonb(this.secrets.seal(job, 'input', input)),
      jsonb(facts),
      this.pace.ms(spec.deadline),
      this.pace.ms(spec.checks.withWebhook.first),
    ]);
    if (made === 0) return;
    const entry = { type: 'job.opened', what: { source: notice.source, externalId } };
    await this.timeline.append(tx, job, { by: 'notice', delivery: notice.id }, [entry]);
    tx.afterCommit(() => this.metrics.jobsCreated.inc({ kind }));
  }

  private async refuseMaybeOurs(tx: Transaction, provider: string, receivedAt: Date): Promise<void> {
    const [maybe] = await tx.query<{ id: string }>(MAYBE_OURS, [provider, receivedAt, CLOCKS]);
    if (maybe) throw new Error(`no job is known by its ids, and job ${maybe.id} of ours has no vendor id yet`);
  }

  private async teamId(tx: Transaction, name: string): Promise<string> {
    const [team] = await tx.query<{ id: string }>('select id from teams where name = $1', [name]);
    if (!team) throw new Error(`it was started elsewhere, and there is no team "${name}" that it could belong to`);
    return team.id;
  }
}
