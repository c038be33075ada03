import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Streams } from '../notifications/stream/streams.js';
import type { Caller, CallerRequest } from '../teams/caller.js';
import { FINAL } from './job-status.js';
import { JobQueries } from './job-queries.js';

/** The first and only entry of a job that came finished from elsewhere. */
const IMPORTED = 'job.imported';

/** The timeline of one job as a stream, which ends with the job. */
@Injectable()
export class JobStream {
  constructor(
    private readonly queries: JobQueries,
    private readonly streams: Streams,
  ) {}

  /** @throws a 404 for a job that is not there or not the caller's */
  async open(
    caller: Caller,
    request: CallerRequest,
    reply: FastifyReply,
    wanted: { id: string; lastEventId?: string },
  ): Promise<void> {
    const { id, kind } = await this.queries.get(caller, wanted.id);
    request.seen = { ...request.seen, jobId: id };
    const lastTypes = [...FINAL.map((status) => `${kind}.${status}`), IMPORTED];
    await this.streams.ofJob(caller, request, reply, { id, lastTypes, lastEventId: wanted.lastEventId });
  }
}
