import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { jsonb } from '../../database/json-safe.js';
import { AuditLog, actorOf } from '../../teams/audit-log.js';
import type { Caller } from '../../teams/caller.js';
import { EndpointSecrets, oldSecretUntil, teamContext } from './endpoint-secrets.js';
import type { SealedSecret } from './endpoint.entity.js';
import type { DefaultSecretView, NewSecretView } from './secret.view.js';

interface Row {
  secrets: SealedSecret[];
  updatedAt: Date;
}

const FIND = `select secrets, updated_at as "updatedAt" from notify_secrets where team_id = $1`;

/** The secret of a team that signs what goes to the `notifyUrl` of its jobs. */
@Injectable()
export class DefaultSecrets {
  constructor(
    private readonly database: Database,
    private readonly secrets: EndpointSecrets,
    private readonly audit: AuditLog,
  ) {}

  async view({ teamId }: Caller): Promise<DefaultSecretView> {
    const [row] = await this.database.query<Row>(FIND, [teamId]);
    if (!row) return { exists: false, since: null, oldSecretUntil: null };
    return { exists: true, since: row.updatedAt.toISOString(), oldSecretUntil: oldSecretUntil(row.secrets) };
  }

  /** Makes it, or puts a new one before it. @throws a 409 when too many would sign */
  async makeOrRotate({ teamId, keyId }: Caller, overlapSeconds: number): Promise<NewSecretView> {
    return this.database.unitOfWork(async (tx) => {
      // A rival's row is waited for here, and locked below.
      const empty = `insert into notify_secrets (team_id, secrets) values ($1, '[]') on conflict do nothing`;
      await tx.execute(empty, [teamId]);
      const [row] = await tx.query<Row>(`${FIND} for no key update`, [teamId]);
      const { secret, stored } = this.secrets.rotate(teamContext(teamId), row?.secrets ?? [], overlapSeconds);
      const sql = 'update notify_secrets set secrets = $2, updated_at = now() where team_id = $1';
      await tx.execute(sql, [teamId, jsonb(stored)]);
      const until = oldSecretUntil(stored);
      await this.audit.write(tx, {
        actor: actorOf({ keyId }),
        teamId,
        action: 'team.default_secret',
        subject: `team:${teamId}`,
        after: { oldSecretUntil: until },
      });
      return { secret, oldSecretUntil: until };
    });
  }
}
