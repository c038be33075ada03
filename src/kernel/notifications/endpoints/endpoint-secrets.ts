import { Injectable } from '@nestjs/common';
import { Aead } from '../../config/aead.js';
import { MasterKey } from '../../config/master-key.js';
import { Pace, SECOND } from '../../config/pace.js';
import { Database } from '../../database/database.js';
import { Problem } from '../../http/problem.js';
import { newSecret } from '../sending/standard-webhooks.js';
import type { Endpoint, SealedSecret } from './endpoint.entity.js';

/** More signatures than that nobody wants to read on every message. */
const MAX_SECRETS = 5;

type Owner = Pick<Endpoint, 'id' | 'teamId' | 'unlisted'>;

/** Signing secrets as of Standard Webhooks (`whsec_…`): sealed each for its endpoint or its team, opened when they sign. */
@Injectable()
export class EndpointSecrets {
  private readonly aead: Aead;

  constructor(
    private readonly database: Database,
    private readonly pace: Pace,
    masterKey: MasterKey,
  ) {
    this.aead = new Aead(masterKey, 'endpoints');
  }

  /** What signs now, newest first; of an unlisted endpoint its team’s. @throws {CannotOpen} when the master key is another one */
  async of(endpoint: Owner & Pick<Endpoint, 'secrets'>): Promise<string[]> {
    const secrets = endpoint.unlisted ? await this.ofTeam(endpoint.teamId) : endpoint.secrets;
    const context = endpoint.unlisted ? teamContext(endpoint.teamId) : endpointContext(endpoint.id);
    return stillGood(secrets).map(({ sealed }) => this.aead.open(sealed, context).toString('utf8'));
  }

  /** A new secret, and what is stored of it. The text is there this once. */
  make(context: string): { secret: string; stored: SealedSecret } {
    const secret = newSecret();
    return { secret, stored: { sealed: this.aead.seal(Buffer.from(secret, 'utf8'), context), until: null } };
  }

  /**
   * A new secret before those that are there, which sign on beside it for so long at most. @throws a 409 when there would
   * be too many of them
   */
  rotate(
    context: string,
    before: readonly SealedSecret[],
    overlapSeconds: number,
  ): { secret: string; stored: SealedSecret[] } {
    const until = new Date(Date.now() + this.pace.ms(overlapSeconds * SECOND)).toISOString();
    const old = stillGood(before.map((one) => ({ ...one, until: earlier(one.until, until) })));
    if (old.length >= MAX_SECRETS) throw tooManySecrets(old);
    const { secret, stored } = this.make(context);
    return { secret, stored: [stored, ...old] };
  }

  /** Whether something may be sealed under the previous master key. */
  get isTurning(): boolean {
    return this.aead.isTurning;
  }

  /** Those that still sign, under the present master key; null where they are already. @throws {CannotOpen} */
  renewed(context: string, secrets: readonly SealedSecret[]): SealedSecret[] | null {
    const good = stillGood(secrets);
    if (good.every(({ sealed }) => this.aead.isCurrent(sealed))) return null;
    return good.map((one) => ({ ...one, sealed: this.aead.renew(one.sealed, context) }));
  }

  private async ofTeam(teamId: string): Promise<SealedSecret[]> {
    const sql = 'select secrets from notify_secrets where team_id = $1';
    const [row] = await this.database.query<{ secrets: SealedSecret[] }>(sql, [teamId]);
    return row?.secrets ?? [];
  }
}

export const endpointContext = (id: string): string => `endpoint:${id}`;
export const teamContext = (id: string): string => `team:${id}`;

/** Those that sign at this moment. */
export function stillGood(secrets: readonly SealedSecret[], now = Date.now()): SealedSecret[] {
  return secrets.filter(({ until }) => until === null || Date.parse(until) > now);
}

/** Until when an older secret than the newest one signs; null when none does. */
export function oldSecretUntil(secrets: readonly SealedSecret[]): string | null {
  const [, ...old] = stillGood(secrets);
  return old.reduce<string | null>(
    (latest, { until }) => (until !== null && until > (latest ?? '') ? until : latest),
    null,
  );
}

const earlier = (a: string | null, b: string): string => (a !== null && a < b ? a : b);

function tooManySecrets(old: readonly SealedSecret[]): Problem {
  const first = old.map(({ until }) => until ?? '').sort()[0];
  const detail = `${old.length} secrets would sign beside the new one; wait until ${first}, or give a smaller overlapSeconds (0 ends them all now)`;
  return new Problem(409, 'too_many_secrets', detail);
}
