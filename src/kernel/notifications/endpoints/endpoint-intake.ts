import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../../database/database.js';
import { jsonb, wellFormed } from '../../database/json-safe.js';
import type { Caller } from '../../teams/caller.js';
import { WEBHOOK } from '../destination.js';
import { EndpointAudit } from './endpoint-audit.js';
import { EndpointPlaces } from './endpoint-places.js';
import { EndpointQueries } from './endpoint-queries.js';
import { EndpointRules } from './endpoint-rules.js';
import { EndpointSecrets, endpointContext } from './endpoint-secrets.js';
import type { EndpointRequest } from './endpoint.dto.js';
import type { NewEndpointView } from './endpoint.view.js';

const INSERT = `
insert into endpoints (id, team_id, destination, url, types, kinds, labels, description, secrets)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** New endpoints, with the secret that signs what they get. */
@Injectable()
export class EndpointIntake {
  constructor(
    private readonly database: Database,
    private readonly rules: EndpointRules,
    private readonly places: EndpointPlaces,
    private readonly secrets: EndpointSecrets,
    private readonly audit: EndpointAudit,
    private readonly queries: EndpointQueries,
  ) {}

  /** @throws a 400 for what makes no sense, a 409 for an address twice or one too many, a 503 naming missing keys */
  async create(caller: Caller, request: EndpointRequest): Promise<NewEndpointView> {
    const destination = this.rules.destination(request.destination ?? WEBHOOK);
    this.rules.check(request, destination);
    const id = uuidv7();
    const made = destination.signs ? this.secrets.make(endpointContext(id)) : null;
    const wanted = {
      destination: destination.name,
      url: request.url,
      types: [...new Set(request.types ?? ['*'])],
      kinds: [...new Set(request.kinds)],
      labels: request.labels ?? {},
      description: wellFormed(request.description ?? ''),
    };
    const endpoint = { id, teamId: caller.teamId, ...wanted };
    await this.database.unitOfWork(async (tx) => {
      await this.places.take(tx, endpoint);
      const { teamId, url, types, kinds, description } = endpoint;
      const secrets = jsonb(made ? [made.stored] : []);
      const labels = jsonb(endpoint.labels);
      await tx.execute(INSERT, [id, teamId, endpoint.destination, url, types, kinds, labels, description, secrets]);
      await this.audit.write(tx, caller, endpoint, { action: 'create', after: wanted });
    });
    return { ...(await this.queries.view(caller, id)), secret: made?.secret ?? null };
  }
}
