import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/database.js';
import { conflict } from '../../http/problem.js';
import type { Endpoint } from './endpoint.entity.js';

/** Endpoints that a team may have in its list. */
export const MAX_ENDPOINTS = 20;

/** The list of a team's endpoints while it grows or an address in it changes: one at a time. */
@Injectable()
export class EndpointPlaces {
  /** @throws a 409 for an address that the team has already, and for one endpoint too many */
  async take(tx: Transaction, wanted: Pick<Endpoint, 'teamId' | 'destination' | 'url'>): Promise<void> {
    const others = await this.listOf(tx, wanted.teamId);
    refuseTwins(others, wanted);
    if (others.length < MAX_ENDPOINTS) return;
    throw conflict('too_many_endpoints', `a team has ${MAX_ENDPOINTS} endpoints at most; delete one first`);
  }

  /** For an endpoint that is there already. @throws a 409 for an address that another one of the team has */
  async move(tx: Transaction, endpoint: Pick<Endpoint, 'id' | 'teamId' | 'destination'>, url: string): Promise<void> {
    const others = (await this.listOf(tx, endpoint.teamId)).filter(({ id }) => id !== endpoint.id);
    refuseTwins(others, { destination: endpoint.destination, url });
  }

  /** The team's row is locked until the transaction ends; not against those that only refer to it. */
  private async listOf(tx: Transaction, teamId: string): Promise<Pick<Endpoint, 'id' | 'destination' | 'url'>[]> {
    await tx.query('select 1 from teams where id = $1 for no key update', [teamId]);
    const sql = 'select id, destination, url from endpoints where team_id = $1 and deleted_at is null and not unlisted';
    return tx.query(sql, [teamId]);
  }
}

function refuseTwins(
  others: readonly Pick<Endpoint, 'id' | 'destination' | 'url'>[],
  { destination, url }: Pick<Endpoint, 'destination' | 'url'>,
): void {
  const twin = others.find((one) => one.destination === destination && one.url === url);
  if (twin) throw conflict('endpoint_exists', `the team has this address already, as endpoint ${twin.id}`);
}
