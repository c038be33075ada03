import { Injectable } from '@nestjs/common';
import { Pace } from '../../config/pace.js';
import { Database } from '../../database/database.js';
import { jsonb } from '../../database/json-safe.js';
import { AppLogger } from '../../observability/app-logger.js';
import { SealingWalk } from '../../queue/sealing-walk.js';
import type { Sweeper } from '../../queue/sweep.js';
import { EndpointSecrets, endpointContext, teamContext } from './endpoint-secrets.js';
import type { SealedSecret } from './endpoint.entity.js';

interface Sealed {
  id: string;
  secrets: SealedSecret[];
}

/** Where secrets are, and what they were sealed for. */
const PLACES = [
  { table: 'endpoints', key: 'id', contextOf: endpointContext },
  { table: 'notify_secrets', key: 'team_id', contextOf: teamContext },
] as const;
type Place = (typeof PLACES)[number];

/** While there is a previous master key: seals signing secrets anew under the present one, so that it can be dropped. */
@Injectable()
export class EndpointSecretsSweeper implements Sweeper {
  readonly name = 'endpoint-secrets';
  private readonly walks: readonly { place: Place; walk: SealingWalk }[];

  constructor(
    private readonly secrets: EndpointSecrets,
    private readonly database: Database,
    private readonly logger: AppLogger,
    pace: Pace,
  ) {
    this.walks = PLACES.map((place) => ({ place, walk: new SealingWalk(secrets, pace) }));
  }

  async sweep(): Promise<number> {
    let changed = 0;
    for (const { place, walk } of this.walks) {
      const { table, key } = place;
      changed += await walk.step<Sealed>(
        (after, most) =>
          this.database.query(
            `select ${key} as id, secrets from ${table} where secrets <> '[]' and ${key} > $1 order by ${key} limit $2`,
            [after, most],
          ),
        (row) => this.renew(place, row),
        ({ id }, reason) => this.logger.warn('a signing secret cannot be sealed anew', { table, id, reason }),
      );
    }
    return changed;
  }

  /** Not where they were rotated meanwhile: those are sealed under the present key anyway. */
  private async renew({ table, key, contextOf }: Place, { id, secrets }: Sealed): Promise<boolean> {
    const anew = this.secrets.renewed(contextOf(id), secrets);
    if (!anew) return false;
    const sql = `update ${table} set secrets = $3 where ${key} = $1 and secrets = $2::jsonb`;
    return (await this.database.execute(sql, [id, jsonb(secrets), jsonb(anew)])) > 0;
  }
}
