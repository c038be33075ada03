import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { conflict, invalidField } from '../http/problem.js';
import { Doorbell } from '../queue/doorbell.js';
import { AuditLog, actorOf } from '../teams/audit-log.js';
import type { Caller } from '../teams/caller.js';
import type { Cause } from '../notifications/cause.js';
import type { ResolveRequest } from './job-acts.dto.js';
import { JobCancel } from './job-cancel.js';
import { JobQueries } from './job-queries.js';
import type { Job } from './job.entity.js';
import { allowedFrom } from './job-status.js';
import type { JobStatus } from './job-status.js';
import { JobsService } from './jobs.service.js';
import { KeptResults } from './results/kept-results.js';
import { submitQueue } from './submit.processor.js';

/** What people do to jobs. */
@Injectable()
export class JobActs {
  constructor(
    private readonly queries: JobQueries,
    private readonly jobs: JobsService,
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly doorbell: Doorbell,
    private readonly canceling: JobCancel,
    private readonly results: KeptResults,
  ) {}

  /**
   * A job that was not handed out yet is canceled at once. One that was is `canceling` until the vendor's word comes, if
   * its vendor can cancel; a completion that comes first wins. @throws a 409 when the vendor cannot or it is settled
   */
  async cancel(caller: Caller, id: string): Promise<Job> {
    const found = await this.queries.get(caller, id);
    await this.database.unitOfWork(async (tx) => {
      const job = await this.jobs.lock(tx, found.id);
      const came = await this.canceling.cancel(tx, job, { by: 'api', key: caller.keyId });
      if (came === 'settled') throw conflict('already_settled', `the job is ${job.status} already`);
      if (came === 'goesOn') {
        const why = `${job.provider} has no way to cancel a job that it was given; it is ${job.status}`;
        throw conflict('cancel_not_supported', why);
      }
      // A team's own is its business; another team's is an act of those who run the service.
      if (job.teamId === caller.teamId || job.status === 'canceled' || job.cancelRequestedAt) return;
      await this.audit.write(tx, {
        actor: actorOf(caller),
        teamId: job.teamId,
        action: 'job.cancel',
        subject: `job:${job.id}`,
        before: { status: job.status },
        after: came === 'canceled' ? { status: came } : { status: job.status, cancelRequested: true },
      });
    });
    return this.queries.get(caller, id);
  }

  /** An operator's word on a job that nobody else can settle; audited. @throws a 409 where the table of moves forbids it */
  async resolve(caller: Caller, id: string, wish: ResolveRequest): Promise<Job> {
    const found = await this.queries.get(caller, id);
    if (wish.to === 'succeeded' && !wish.result)
      throw invalidField('result', 'is needed when a job is resolved as succeeded');
    const told = await this.results.aside(found, wish.result ? { result: wish.result } : {});
    await this.database.unitOfWork(async (tx) => {
      const job = await this.jobs.lock(tx, found.id);
      if (wish.to === 'running' && !wish.externalId && !job.externalId) {
        throw invalidField('externalId', 'is needed for running: without it the vendor cannot be asked');
      }
      if (!mayResolve(job.status, wish.to)) {
        throw conflict('move_not_allowed', `a job that is ${job.status} cannot become ${wish.to}`);
      }
      await this.checkVendorId(tx, job, wish);
      const cause: Cause = { by: 'operator', key: caller.keyId };
      const { externalId } = wish;
      if (externalId) await this.jobs.change(tx, job.id, { externalId }, cause);
      if (wish.to === 'queued') {
        await this.jobs.move(tx, await this.jobs.lock(tx, job.id), 'queued', cause, { what: { reason: wish.reason } });
        tx.afterCommit(() => this.doorbell.ring(submitQueue(job.provider)));
      } else {
        const error = wish.to === 'failed' ? { error: { code: 'resolved', message: wish.reason } } : {};
        await this.jobs.change(tx, job.id, { to: wish.to, ...told, ...error }, cause);
      }
      await this.audit.write(tx, {
        actor: actorOf(caller),
        teamId: job.teamId,
        action: 'job.resolve',
        subject: `job:${job.id}`,
        before: { status: job.status, externalId: job.externalId },
        after: { status: wish.to, externalId: externalId ?? job.externalId },
        reason: wish.reason,
      });
    });
    return this.queries.get(caller, id);
  }

  /** A job has one id at the vendor, an id has one job, and what has one was taken: sending it again would be paid twice. */
  private async checkVendorId(tx: Transaction, job: Job, { to, externalId }: ResolveRequest): Promise<void> {
    const id = job.externalId ?? externalId;
    if (to === 'queued' && id)
      throw conflict('already_sent', `the vendor has this job as ${id}; nothing is sent twice`);
    if (!externalId || externalId === job.externalId) return;
    const others = await tx.query('select 1 from jobs where provider = $1 and external_id = $2', [
      job.provider,
      externalId,
    ]);
    if (job.externalId === null && others.length === 0) return;
    throw conflict('external_id_conflict', `this job has another id at the vendor, or ${externalId} is another job’s`);
  }
}

/** A job on its way is its worker's to send again; an unclear one an operator's. */
function mayResolve(from: JobStatus, to: ResolveRequest['to']): boolean {
  return to === 'queued' ? from === 'unconfirmed' : allowedFrom(to).includes(from);
}
