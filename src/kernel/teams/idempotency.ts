import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, sqlState } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { Problem, invalidField } from '../http/problem.js';

/** How long a second request waits for a first one that is still under way; under the statement time-out of 5 s. */
const WAIT_MS = 4_500;
const LOCK_NOT_AVAILABLE = '55P03';
const KEY = /^[\x21-\x7e]{1,255}$/;

export interface Claim {
  teamId: string;
  /** Method and route template. */
  route: string;
  key: string;
  body: unknown;
  jobId: string;
}

/** Same value, same text: keys sorted at every level. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, canonical(item)]),
  );
}

export function bodyHash(body: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(canonical(body)) ?? '')
    .digest();
}

@Injectable()
export class Idempotency {
  constructor(private readonly database: Database) {}

  /**
   * Claims the key for `jobId` inside the caller's transaction, so that key and job are there together or not at all.
   * Returns the job that the key stands for: the caller's own, or the one an earlier request made. A rival that has not
   * committed yet is waited for (up to 5 s, by the unique key itself), then 409. Another body under the key is 422.
   */
  async claim(tx: Transaction, claim: Claim): Promise<string> {
    if (!KEY.test(claim.key)) throw invalidField('Idempotency-Key', 'must be 1 to 255 visible ASCII characters');
    const hash = bodyHash(claim.body);
    await tx.execute(`set local lock_timeout = ${WAIT_MS}`);
    const mine = await this.insert(tx, claim, hash);
    await tx.execute('set local lock_timeout = 0');
    if (mine) return claim.jobId;
    const [earlier] = await tx.query<{ job_id: string; body_hash: Buffer }>(
      'select job_id, body_hash from idempotency_keys where team_id = $1 and route = $2 and key = $3',
      [claim.teamId, claim.route, claim.key],
    );
    if (!earlier) throw busy();
    if (!earlier.body_hash.equals(hash)) {
      throw new Problem(
        422,
        'idempotency_key_reused',
        'this Idempotency-Key was used with another body; take a new key',
      );
    }
    return earlier.job_id;
  }

  /** Whether an earlier request is through with this key; whether it had the same body, `claim` says. */
  async isTaken({ teamId, route, key }: Pick<Claim, 'teamId' | 'route' | 'key'>): Promise<boolean> {
    const sql = 'select 1 from idempotency_keys where team_id = $1 and route = $2 and key = $3';
    return KEY.test(key) && (await this.database.query(sql, [teamId, route, key])).length > 0;
  }

  private async insert(tx: Transaction, claim: Claim, hash: Buffer): Promise<boolean> {
    try {
      const made = await tx.query(
        `insert into idempotency_keys (team_id, route, key, body_hash, job_id) values ($1, $2, $3, $4, $5)
         on conflict do nothing returning key`,
        [claim.teamId, claim.route, claim.key, hash, claim.jobId],
      );
      return made.length > 0;
    } catch (error) {
      if (sqlState(error) === LOCK_NOT_AVAILABLE) throw busy();
      throw error;
    }
  }
}

function busy(): Problem {
  return new Problem(409, 'idempotency_key_in_use', 'the first request with this Idempotency-Key is still under way', {
    retryAfter: 1,
  });
}
