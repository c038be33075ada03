import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { jsonb } from '../../database/json-safe.js';
import { Problem, conflict, notFound } from '../../http/problem.js';
import type { Caller } from '../../teams/caller.js';
import { DestinationRegistry } from '../destination-registry.js';
import { EventLog } from '../event-log.js';
import { EndpointAudit } from './endpoint-audit.js';
import { EndpointQueries } from './endpoint-queries.js';
import { EndpointRows } from './endpoint-rows.js';
import { EndpointSecrets, endpointContext, oldSecretUntil } from './endpoint-secrets.js';
import type { Endpoint } from './endpoint.entity.js';
import { shownUrl } from './endpoint.view.js';
import type { NewSecretView } from './secret.view.js';

const HELLO = 'This is a test: what you asked to hear of comes here.';

/** What people do to an endpoint. */
@Injectable()
export class EndpointActs {
  constructor(
    private readonly database: Database,
    private readonly destinations: DestinationRegistry,
    private readonly rows: EndpointRows,
    private readonly secrets: EndpointSecrets,
    private readonly events: EventLog,
    private readonly audit: EndpointAudit,
    private readonly queries: EndpointQueries,
  ) {}

  /** @throws a 404, the second time too */
  async remove(caller: Caller, id: string): Promise<void> {
    const endpoint = await this.queries.get(caller, id);
    await this.database.unitOfWork(async (tx) => {
      if (!(await this.rows.remove(tx, endpoint.id))) throw notFound('endpoint');
      const { destination, url, types, kinds, labels, description } = endpoint;
      const before = { destination, url, types, kinds, labels, description };
      await this.audit.write(tx, caller, endpoint, { action: 'delete', before });
    });
  }

  /** An event for this endpoint alone. Returns its notification. @throws a 404, a 409 while it is disabled */
  async test(caller: Caller, id: string): Promise<{ notification: string }> {
    const { id: only } = await this.queries.get(caller, id);
    return this.database.unitOfWork(async (tx) => {
      const endpoint = await this.rows.lock(tx, only);
      if (endpoint.disabledAt !== null) throw disabled(endpoint);
      const { teamId, types } = endpoint;
      const url = shownUrl(this.destinations.named(endpoint.destination), endpoint.url);
      const data = { endpoint: { id: only, url, types }, message: HELLO };
      const cause = { by: 'api', key: caller.keyId } as const;
      const seq = await this.events.append(tx, { jobId: null, teamId }, cause, {
        type: 'endpoint.test',
        data,
        to: { only },
      });
      const sql = 'select id from notifications where endpoint_id = $1 and event_seq = $2';
      const [made] = await tx.query<{ id: string }>(sql, [only, seq]);
      if (!made) throw new Error('a test was announced to nobody');
      await this.audit.write(tx, caller, endpoint, { action: 'test', after: { notification: made.id } });
      return { notification: made.id };
    });
  }

  /** @throws a 404, a 403 for another team's, a 409 where nothing signs or too many secrets would */
  async rotate(caller: Caller, id: string, overlapSeconds: number): Promise<NewSecretView> {
    const found = await this.queries.get(caller, id);
    if (found.teamId !== caller.teamId) throw otherTeams();
    if (found.unlisted)
      throw conflict(
        'endpoint_unlisted',
        'the team’s default secret signs here; POST /v1/endpoints/default-secret rotates it',
      );
    if (!this.destinations.named(found.destination)?.signs)
      throw conflict('endpoint_not_signed', `${found.destination} does not sign; there is no secret`);
    return this.database.unitOfWork(async (tx) => {
      const endpoint = await this.rows.lock(tx, found.id);
      const { secret, stored } = this.secrets.rotate(endpointContext(endpoint.id), endpoint.secrets, overlapSeconds);
      const sql = 'update endpoints set secrets = $2, updated_at = now() where id = $1';
      await tx.execute(sql, [endpoint.id, jsonb(stored)]);
      const until = oldSecretUntil(stored);
      await this.audit.write(tx, caller, endpoint, { action: 'rotate_secret', after: { oldSecretUntil: until } });
      return { secret, oldSecretUntil: until };
    });
  }
}

function otherTeams(): Problem {
  return new Problem(403, 'other_teams_secret', 'a secret is shown to its own team only; ask for a key of that team');
}

function disabled({ disabledReason }: Endpoint): Problem {
  const why = disabledReason ?? 'for no known reason';
  return conflict('endpoint_disabled', `it is disabled (${why}); PATCH it with {"disabled": false} first`);
}
