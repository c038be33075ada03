import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { preferredWait } from '../../kernel/http/prefer.js';
import { invalidField } from '../../kernel/http/problem.js';
import { JobsQuery } from '../../kernel/jobs/job-queries.dto.js';
import { JobQueries } from '../../kernel/jobs/job-queries.js';
import { isSettled } from '../../kernel/jobs/job-status.js';
import type { Job } from '../../kernel/jobs/job.entity.js';
import { callerOf } from '../../kernel/jobs/request-of.js';
import { SettledWatch } from '../../kernel/jobs/settled-watch.js';
import type { Caller, CallerRequest } from '../../kernel/teams/caller.js';
import { receiptsView } from './receipt.view.js';
import type { ReceiptsView } from './receipt.view.js';
import { ReceiptsIntake } from './receipts.intake.js';

/** Twenty PDFs of ten pages. */
const MOST_JOBS = 200;

/** 202 with an entry for each photo; with `Prefer: wait`, 200 once all of them are settled. */
@Injectable()
export class ReceiptsAnswer {
  constructor(
    private readonly intake: ReceiptsIntake,
    private readonly queries: JobQueries,
    private readonly watch: SettledWatch,
  ) {}

  async submit(request: CallerRequest, reply: FastifyReply, debug: boolean): Promise<ReceiptsView> {
    const caller = callerOf(request);
    const { prefer } = request.raw.headers;
    if (Array.isArray(prefer)) throw invalidField('prefer', 'must be sent once');
    const seconds = preferredWait(prefer);
    const { batch, entries, replayed } = await this.intake.take(caller, request, debug);
    if (replayed) void reply.header('Idempotency-Replayed', 'true');
    const ids = await this.jobsOf(caller, batch);
    if (seconds > 0) {
      void reply.header('Preference-Applied', `wait=${seconds}`);
      await Promise.all(ids.map((id) => this.watch.wait(id, seconds * 1_000)));
    }
    const jobs: Job[] = [];
    for (const id of ids) jobs.push(await this.queries.get(caller, id));
    const isOver = seconds > 0 && jobs.every(({ status }) => isSettled(status));
    void reply.status(isOver ? 200 : 202).header('Location', `/v1/batches/${batch}`);
    return receiptsView(batch, entries, jobs);
  }

  /** In the order in which they were made. */
  private async jobsOf(caller: Caller, batch: string): Promise<string[]> {
    const query = Object.assign(new JobsQuery(), { batch, limit: MOST_JOBS });
    return (await this.queries.list(caller, query)).items.map(({ id }) => id).reverse();
  }
}
