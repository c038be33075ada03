import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { invalidField, missingScope } from '../../http/problem.js';
import { seesAllTeams } from '../../teams/caller.js';
import type { Caller, CallerRequest } from '../../teams/caller.js';
import { EventTypes } from '../event-types.js';
import { OpenStreams } from './open-streams.js';
import type { StreamWish } from './open-stream.js';
import { EVERYTHING } from './stream-filter.js';
import type { StreamScope } from './stream-filter.js';
import { StreamStarts } from './stream-start.js';
import type { StreamFrom } from './stream-start.js';
import type { StreamQuery } from './stream.dto.js';

/** How the routes with streams answer: 200 and no end, or 204 when nothing will come any more. */
@Injectable()
export class Streams {
  constructor(
    private readonly types: EventTypes,
    private readonly starts: StreamStarts,
    private readonly streams: OpenStreams,
  ) {}

  /** What the caller's team is told, or all teams. @throws 400, 403, 429, 503, all before it begins */
  async ofTeam(caller: Caller, request: CallerRequest, reply: FastifyReply, query: StreamQuery): Promise<void> {
    for (const pattern of query.types ?? []) {
      const fault = this.types.faultOf(pattern);
      if (fault !== null) throw invalidField('types', fault);
    }
    const filter = {
      types: query.types ?? [],
      kinds: query.kinds ?? [],
      labels: query.labels(),
      since: query.since ?? null,
    };
    await this.open(caller, request, reply, { scope: scopeOf(caller, query), filter, lastTypes: [] }, query);
  }

  /** The whole timeline of one job, up to the first event of `lastTypes`. */
  async ofJob(
    caller: Caller,
    request: CallerRequest,
    reply: FastifyReply,
    job: { id: string; lastTypes: readonly string[] } & StreamFrom,
  ): Promise<void> {
    const wish = { scope: { jobId: job.id }, filter: EVERYTHING, lastTypes: job.lastTypes };
    await this.open(caller, request, reply, wish, job);
  }

  private async open(
    caller: Caller,
    request: CallerRequest,
    reply: FastifyReply,
    wish: StreamWish,
    { lastEventId, since }: StreamFrom,
  ): Promise<void> {
    // The header is newer: clients that know only the address keep to it when they come back.
    const last = [request.headers['last-event-id']].flat()[0] || lastEventId;
    const start = await this.starts.of(wish, { lastEventId: last, since });
    if (!start) return void reply.status(204).send();
    if (request.method === 'HEAD') return this.streams.headersOnly(reply);
    const { keyId, teamName } = caller;
    this.streams.open({ keyId, teamName, requestId: request.id }, reply, wish, start);
  }
}

function scopeOf(caller: Caller, { team }: StreamQuery): StreamScope {
  if (team !== 'all') return { teamId: caller.teamId };
  if (!seesAllTeams(caller)) throw missingScope('operate');
  return { all: true };
}
