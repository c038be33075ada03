import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { jsonb, wellFormed } from '../database/json-safe.js';
import { UUID } from '../database/uuid.js';
import { decodeCursor, toPage } from '../http/pagination.js';
import type { Page } from '../http/pagination.js';
import { notFound } from '../http/problem.js';
import { sees, seesAllTeams } from '../teams/caller.js';
import type { Caller } from '../teams/caller.js';
import type { EventsQuery, JobsQuery } from './job-queries.dto.js';
import { RecordedEvent } from '../notifications/event.entity.js';
import type { JobEventView } from './job-event.view.js';
import { jobEventView } from './job-event.view.js';
import { Job } from './job.entity.js';
import { JobSecrets } from './job-secrets.js';
import { jobListView } from './job.view.js';
import type { JobView } from './job.view.js';

/** Within integer and bigint: a number beyond them is an error of the database. */
const INTEGER = /^\d{1,9}$/;
const BIGINT = /^\d{1,18}$/;

/** Readings of jobs, always through the caller's eyes: another team's row is not there. */
@Injectable()
export class JobQueries {
  constructor(
    private readonly source: DataSource,
    private readonly secrets: JobSecrets,
  ) {}

  /** @throws a 404 for a job that is not there or not the caller's */
  async get(caller: Caller, id: string): Promise<Job> {
    if (!UUID.test(id)) throw notFound('job');
    const job = await this.source.getRepository(Job).findOneBy({ id });
    if (!job || !sees(caller, job.teamId)) throw notFound('job');
    return job;
  }

  /** Newest first, by id: ids are uuid v7 and sort by time. Results are left out, and whatever is secret. */
  async list(caller: Caller, query: JobsQuery): Promise<Page<JobView>> {
    const find = this.source.getRepository(Job).createQueryBuilder('job').orderBy('job.id', 'DESC');
    if (!seesAllTeams(caller) || query.team !== 'all') find.andWhere('job.team_id = :team', { team: caller.teamId });
    if (query.cursor) find.andWhere('job.id < :before', { before: decodeCursor(query.cursor, [UUID])[0] });
    if (query.kind) find.andWhere('job.kind = ANY(:kinds)', { kinds: query.kind.map(wellFormed) });
    if (query.status) find.andWhere('job.status = ANY(:statuses)', { statuses: query.status });
    if (query.batch) find.andWhere('job.batch_id = :batch', { batch: query.batch });
    if (query.label) find.andWhere('job.labels @> :labels', { labels: jsonb(query.labels()) });
    if (query.createdAfter) find.andWhere('job.created_at >= :after', { after: query.createdAfter });
    if (query.createdBefore) find.andWhere('job.created_at < :until', { until: query.createdBefore });
    const rows = await find.limit(query.limit + 1).getMany();
    return toPage(
      rows,
      query.limit,
      (job) => jobListView(this.secrets.hidden(job)),
      (job) => [job.id],
    );
  }

  /** The timeline, oldest first. */
  async events(job: Job, query: EventsQuery): Promise<Page<JobEventView>> {
    const find = this.source
      .getRepository(RecordedEvent)
      .createQueryBuilder('event')
      .where('event.job_id = :job', { job: job.id })
      .orderBy({ 'event.epoch': 'ASC', 'event.seq': 'ASC' });
    if (query.cursor) {
      const [epoch, seq] = decodeCursor(query.cursor, [INTEGER, BIGINT]);
      find.andWhere('(event.epoch, event.seq) > (:epoch, :seq)', { epoch, seq });
    }
    const rows = await find.limit(query.limit + 1).getMany();
    return toPage(rows, query.limit, jobEventView, (event) => [String(event.epoch), event.seq]);
  }
}
