import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { UUID } from '../../database/uuid.js';
import { decodeCursor, toPage } from '../../http/pagination.js';
import type { Page } from '../../http/pagination.js';
import { notFound } from '../../http/problem.js';
import { sees, seesAllTeams } from '../../teams/caller.js';
import type { Caller } from '../../teams/caller.js';
import { DestinationRegistry } from '../destination-registry.js';
import type { EndpointsQuery } from './endpoint.dto.js';
import { Endpoint } from './endpoint.entity.js';
import { endpointView, shownUrl } from './endpoint.view.js';
import type { EndpointView } from './endpoint.view.js';

/** Readings of endpoints, always through the caller's eyes: another team's row is not there. */
@Injectable()
export class EndpointQueries {
  constructor(
    private readonly database: Database,
    private readonly destinations: DestinationRegistry,
  ) {}

  /** Unlisted ones too. @throws a 404 for one that is not there (any more) or not the caller's */
  async get(caller: Caller, id: string): Promise<Endpoint> {
    const found = await this.find(caller, id);
    if (found.deletedAt !== null) throw notFound('endpoint');
    return found;
  }

  /** Deleted ones too, whose history is still there. @throws a 404 for one that never was, or is not the caller's */
  async find(caller: Caller, id: string): Promise<Endpoint> {
    const found = UUID.test(id) ? await this.endpoints.findOneBy({ id }) : null;
    if (!found || !sees(caller, found.teamId)) throw notFound('endpoint');
    return found;
  }

  async view(caller: Caller, id: string): Promise<EndpointView> {
    const endpoint = await this.get(caller, id);
    return this.shown(endpoint, await this.waiting([endpoint]));
  }

  /** Newest first, by id: ids are uuid v7 and sort by time. */
  async list(caller: Caller, query: EndpointsQuery): Promise<Page<EndpointView>> {
    const find = this.endpoints
      .createQueryBuilder('endpoint')
      .where('endpoint.deleted_at is null and not endpoint.unlisted')
      .orderBy('endpoint.id', 'DESC');
    if (!seesAllTeams(caller) || query.team !== 'all')
      find.andWhere('endpoint.team_id = :team', { team: caller.teamId });
    if (query.cursor) find.andWhere('endpoint.id < :before', { before: decodeCursor(query.cursor, [UUID])[0] });
    const rows = await find.limit(query.limit + 1).getMany();
    const waiting = await this.waiting(rows);
    return toPage(
      rows,
      query.limit,
      (endpoint) => this.shown(endpoint, waiting),
      ({ id }) => [id],
    );
  }

  private async waiting(endpoints: readonly Endpoint[]): Promise<Map<string, number>> {
    const rows = await this.database.query<{ id: string; waiting: number }>(
      `select endpoint_id as id, count(*)::int as waiting from notifications
       where endpoint_id = any($1) and due_at is not null group by endpoint_id`,
      [endpoints.map(({ id }) => id)],
    );
    return new Map(rows.map(({ id, waiting }) => [id, waiting]));
  }

  private shown(endpoint: Endpoint, waiting: ReadonlyMap<string, number>): EndpointView {
    const url = shownUrl(this.destinations.named(endpoint.destination), endpoint.url);
    return endpointView(endpoint, url, waiting.get(endpoint.id) ?? 0);
  }

  private get endpoints() {
    return this.database.source.getRepository(Endpoint);
  }
}
