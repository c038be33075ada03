import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import { Problem } from '../http/problem.js';
import { AuditLog } from '../teams/audit-log.js';
import type { FinishedJob, ImportFate } from './finished-job.js';
import { findKnown } from './finished-job-twins.js';
import { jobIdOf, refOf } from './finished-job.js';
import { JobSecrets } from './job-secrets.js';
import { ProviderRegistry } from './provider-registry.js';
import { Timeline } from './timeline.js';

/** Two imports at once would not see each other's jobs: the second one waits. Any number that nobody else locks. */
const ONE_AT_A_TIME = 5_150_501;

/**
 * Takes in jobs that were finished elsewhere. Nobody is told of them: no follow-ups, no notifications, no metrics of settled
 * jobs; the timeline has one entry, `job.imported`, whose cause says `import`.
 */
@Injectable()
export class JobImport {
  constructor(
    private readonly database: Database,
    private readonly registry: ProviderRegistry,
    private readonly secrets: JobSecrets,
    private readonly timeline: Timeline,
    private readonly audit: AuditLog,
  ) {}

  /** @throws a 404 that names the command which makes a team */
  async teamId(name: string): Promise<string> {
    const [team] = await this.database.query<{ id: string }>('select id from teams where name = $1', [name]);
    if (team) return team.id;
    throw new Problem(404, 'team_not_found', `there is no team "${name}"; signalbox teams create ${name} makes one`);
  }

  /** What became of each, in the same order; all of them in one transaction, so give a hundred or so at a time. */
  importAll(teamId: string, jobs: readonly FinishedJob[]): Promise<ImportFate[]> {
    return this.database.unitOfWork(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock($1)', [ONE_AT_A_TIME]);
      const known = await findKnown(tx, teamId, jobs);
      const fates: ImportFate[] = [];
      for (const job of jobs) fates.push(await this.importOne(tx, teamId, job, known));
      await this.tell(tx, teamId, fates.filter(({ fate }) => fate === 'imported').length);
      return fates;
    }, 2);
  }

  private async importOne(
    tx: Transaction,
    teamId: string,
    job: FinishedJob,
    known: Map<string, ImportFate>,
  ): Promise<ImportFate> {
    const twin = known.get(refOf(job));
    if (twin) return twin;
    const id = jobIdOf(teamId, job);
    const { provider } = this.registry.ofKind(job.kind);
    const made = await this.insert(tx, { id, teamId, provider: provider.name }, job);
    // Submitted by the running service, and named by its vendor, a moment ago.
    if (!made) return { fate: 'known', jobId: null };
    if (job.ownId === null && job.externalId === null) {
      const sql = 'insert into job_refs (provider, ref, job_id) values ($1, $2, $3)';
      await tx.execute(sql, [provider.name, refOf(job), id]);
    }
    const what = { status: job.status, file: job.file, settledAt: job.settledAt.toISOString() };
    await this.timeline.append(tx, { id, teamId }, { by: 'import' }, [{ type: 'job.imported', what }]);
    known.set(refOf(job), { fate: 'known', jobId: id });
    return { fate: 'imported', jobId: id };
  }

  private async insert(
    tx: Transaction,
    row: { id: string; teamId: string; provider: string },
    job: FinishedJob,
  ): Promise<boolean> {
    const result = job.result && this.secrets.seal({ id: row.id, kind: job.kind }, 'result', job.result);
    const made = await tx.execute(
      `insert into jobs (id, team_id, provider, kind, status, progress, external_id, input, result, error, facts, labels,
                         webhook, created_at, settled_at)
       values ($1, $2, $3, $4, $5, $6, $7, '{}', $8, $9, $10, $11, false, $12, $12) on conflict do nothing`,
      [
        row.id,
        row.teamId,
        row.provider,
        job.kind,
        job.status,
        job.status === 'succeeded' ? 1 : null,
        job.externalId,
        jsonb(result),
        jsonb(job.error),
        jsonb({ import: { file: job.file, sha256: job.sha256 } }),
        jsonb({ imported: 'true' }),
        job.settledAt,
      ],
    );
    return made === 1;
  }

  private async tell(tx: Transaction, teamId: string, imported: number): Promise<void> {
    if (imported === 0) return;
    await this.audit.write(tx, {
      actor: 'cli',
      action: 'job.import',
      subject: `team:${teamId}`,
      teamId,
      after: { imported },
    });
  }
}
