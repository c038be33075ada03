import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../database/database.js';
import { Problem } from '../http/problem.js';
import { AuditLog } from './audit-log.js';
import type { Caller } from './caller.js';
import { DEFAULT_SCOPES } from './scopes.js';
import type { Scope } from './scopes.js';
import { DEFAULT_TEAM } from './team.entity.js';

export interface NewKey {
  name: string;
  team?: string;
  scopes?: readonly Scope[];
  expiresAt?: Date | null;
  actor: string;
}

/** A key as it may be shown: everything but the key. */
export interface KeyView {
  id: string;
  name: string;
  team: string;
  prefix: string;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const hashOf = (key: string) => createHash('sha256').update(key).digest();

@Injectable()
export class KeysService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** Makes a key for a team that exists. The text is returned this once and never again. */
  async create(wanted: NewKey): Promise<{ key: string; view: KeyView }> {
    const key = `sbx_${randomBytes(32).toString('base64url')}`;
    const id = uuidv7();
    const team = wanted.team ?? DEFAULT_TEAM;
    await this.database.unitOfWork(async (tx) => {
      const made = await tx.execute(
        `insert into api_keys (id, team_id, name, prefix, hash, scopes, expires_at)
         select $1, id, $3, $4, $5, $6, $7 from teams where name = $2`,
        [
          id,
          team,
          wanted.name,
          key.slice(0, 10),
          hashOf(key),
          wanted.scopes ?? DEFAULT_SCOPES,
          wanted.expiresAt ?? null,
        ],
      );
      if (made === 0) {
        const way = `signalbox teams create ${team} makes one`;
        throw new Problem(404, 'team_not_found', `there is no team "${team}"; ${way}`);
      }
      await this.audit.write(tx, {
        actor: wanted.actor,
        action: 'key.create',
        subject: `key:${id}`,
        after: { name: wanted.name, team },
      });
    });
    const [view] = await this.list(id);
    if (!view) throw new Error('the key vanished while it was made');
    return { key, view };
  }

  list(id?: string): Promise<KeyView[]> {
    return this.database.query<KeyView>(
      `select k.id, k.name, t.name as team, k.prefix, k.scopes, k.created_at as "createdAt", k.expires_at as "expiresAt",
              k.last_used_at as "lastUsedAt", k.revoked_at as "revokedAt"
       from api_keys k join teams t on t.id = k.team_id
       where $1::uuid is null or k.id = $1 order by k.id`,
      [id ?? null],
    );
  }

  /** True when there was such a key and it was not revoked yet. `which` is its id or its prefix, if only one has it. */
  async revoke(which: string, actor: string): Promise<boolean> {
    return this.database.unitOfWork(async (tx) => {
      const rows = await tx.query<{ id: string }>(
        `update api_keys set revoked_at = now() where revoked_at is null and id = (
           select min(id::text)::uuid from api_keys where id::text = $1 or prefix = $1 having count(*) = 1)
         returning id`,
        [which],
      );
      const [row] = rows;
      if (row) await this.audit.write(tx, { actor, action: 'key.revoke', subject: `key:${row.id}` });
      return row !== undefined;
    });
  }

  /** Who holds this key; null when it is unknown, revoked or expired. Notes the use, once a minute at most. */
  async callerOf(key: string): Promise<Caller | null> {
    const rows = await this.database.query<Caller & { stale: boolean }>(
      `select k.id as "keyId", k.name as "keyName", t.id as "teamId", t.name as "teamName", k.scopes,
              coalesce(k.last_used_at < now() - interval '1 minute', true) as stale
       from api_keys k join teams t on t.id = k.team_id
       where k.hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`,
      [hashOf(key)],
    );
    const [row] = rows;
    if (!row) return null;
    const { stale, ...caller } = row;
    if (stale) await this.database.execute('update api_keys set last_used_at = now() where id = $1', [caller.keyId]);
    return caller;
  }

  /** Which of these keys are neither revoked nor expired. */
  async stillValid(ids: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'select id from api_keys where id = any($1) and revoked_at is null and (expires_at is null or expires_at > now())',
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.database.query('select 1 from api_keys limit 1')).length === 0;
  }
}
