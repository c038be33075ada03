import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isKnownTo } from '../files/byte-range.js';
import { preferredWait } from '../http/prefer.js';
import type { Caller, CallerRequest } from '../teams/caller.js';
import { FollowUps } from './follow-ups.js';
import { isSettled } from './job-status.js';
import { JobIntake } from './job-intake.js';
import type { NewJob } from './job-intake.js';
import { JobQueries } from './job-queries.js';
import { JobSecrets } from './job-secrets.js';
import type { Job } from './job.entity.js';
import { etagOf, jobView } from './job.view.js';
import type { JobView } from './job.view.js';
import { callerOf, headerOf, requestOf } from './request-of.js';
import { SettledWatch } from './settled-watch.js';

/** How every route that makes or shows a job answers: 202 + Location, `Prefer: wait`, `ETag`, `Idempotency-Replayed`. */
@Injectable()
export class JobAnswer {
  constructor(
    private readonly intake: JobIntake,
    private readonly queries: JobQueries,
    private readonly followUps: FollowUps,
    private readonly secrets: JobSecrets,
    private readonly watch: SettledWatch,
  ) {}

  /** Makes the job. 202 while it is open; 200 when the caller waited and it is settled. */
  async submit(request: CallerRequest, reply: FastifyReply, wanted: NewJob): Promise<JobView> {
    const caller = callerOf(request);
    const seconds = preferredWait(headerOf(request, 'prefer'));
    const made = await this.intake.create(caller, wanted, requestOf(request));
    request.seen = { ...request.seen, jobId: made.id };
    if (made.replayed) void reply.header('Idempotency-Replayed', 'true');
    const job = await this.settledOrLate(caller, made.id, seconds, reply);
    void reply.status(isSettled(job.status) && seconds > 0 ? 200 : 202).header('Location', `/v1/jobs/${job.id}`);
    return this.show(caller, job, reply);
  }

  /** 200 with the job, or 304 when the caller's `If-None-Match` still holds. */
  async get(request: CallerRequest, reply: FastifyReply, id: string): Promise<JobView | undefined> {
    const caller = callerOf(request);
    const job = await this.find(request, reply, id);
    if (isKnownTo(headerOf(request, 'if-none-match'), etagOf(job))) {
      void reply.status(304).header('ETag', etagOf(job));
      return undefined;
    }
    return this.show(caller, job, reply);
  }

  /** The caller's job, once it is settled or the caller's wait is over. */
  async find(request: CallerRequest, reply: FastifyReply, id: string): Promise<Job> {
    const job = await this.settledOrLate(callerOf(request), id, preferredWait(headerOf(request, 'prefer')), reply);
    request.seen = { ...request.seen, jobId: job.id };
    return job;
  }

  /** The same, its secrets opened for its own team. */
  async findOpened(request: CallerRequest, reply: FastifyReply, id: string): Promise<Job> {
    return this.secrets.seenBy(callerOf(request), await this.find(request, reply, id));
  }

  /** The job's view, with its ETag on the answer. */
  async show(caller: Caller, job: Job, reply: FastifyReply): Promise<JobView> {
    void reply.header('ETag', etagOf(job));
    return jobView(this.secrets.seenBy(caller, job), await this.followUps.of(job.id));
  }

  /** 202 while a vendor is being asked to cancel, 200 when there is nothing to wait for. */
  showCanceled(caller: Caller, job: Job, reply: FastifyReply): Promise<JobView> {
    void reply.status(isSettled(job.status) ? 200 : 202);
    return this.show(caller, job, reply);
  }

  private async settledOrLate(caller: Caller, id: string, seconds: number, reply: FastifyReply): Promise<Job> {
    const job = await this.queries.get(caller, id);
    if (seconds === 0) return job;
    void reply.header('Preference-Applied', `wait=${seconds}`);
    if (isSettled(job.status)) return job;
    await this.watch.wait(job.id, seconds * 1_000);
    return this.queries.get(caller, id);
  }
}
