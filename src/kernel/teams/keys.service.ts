import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../database/database.js';
import { UUID } from '../database/uuid.js';
import { decodeCursor, toPage } from '../http/pagination.js';
import type { Page, PageQuery } from '../http/pagination.js';
import { Problem, notFound } from '../http/problem.js';
import { AuditLog } from './audit-log.js';
import type { Caller } from './caller.js';
import { VALID_KEY, endKey } from './key-rows.js';
import { hashOf, newKeyText, prefixOf } from './key-text.js';
import type { KeyView } from './key.view.js';
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

/** Everything but the hash. */
const KEYS = `
  select k.id, k.name, t.name as team, k.prefix, k.scopes, k.created_at as "createdAt", k.expires_at as "expiresAt",
         k.last_used_at as "lastUsedAt", k.revoked_at as "revokedAt"
  from api_keys k join teams t on t.id = k.team_id`;

@Injectable()
export class KeysService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** Makes a key for a team that exists. The text is returned this once and never again. */
  async create(wanted: NewKey): Promise<{ key: string; view: KeyView }> {
    const key = newKeyText();
    const id = uuidv7();
    const { team = DEFAULT_TEAM, scopes = DEFAULT_SCOPES, expiresAt = null } = wanted;
    await this.database.unitOfWork(async (tx) => {
      const [made] = await tx.query<{ teamId: string; team: string }>(
        `insert into api_keys (id, team_id, name, prefix, hash, scopes, expires_at)
         select $1, id, $3, $4, $5, $6, $7 from teams where name = $2 or id::text = $2 order by name = $2 desc limit 1
         returning team_id as "teamId", (select name from teams where id = team_id) as team`,
        [id, team, wanted.name, prefixOf(key), hashOf(key), scopes, expiresAt],
      );
      if (!made) {
        const way = `signalbox teams create ${team} makes one`;
        throw new Problem(404, 'team_not_found', `there is no team "${team}"; ${way}`);
      }
      await this.audit.write(tx, {
        actor: wanted.actor,
        action: 'key.create',
        subject: `key:${id}`,
        teamId: made.teamId,
        after: { name: wanted.name, team: made.team, prefix: prefixOf(key), scopes, expiresAt },
      });
    });
    return { key, view: await this.get(id) };
  }

  list(): Promise<KeyView[]> {
    return this.database.query<KeyView>(`${KEYS} order by k.id`);
  }

  /** Newest first, by id. */
  async page(query: PageQuery, teamId: string | null): Promise<Page<KeyView>> {
    const [before = null] = query.cursor ? decodeCursor(query.cursor, [UUID]) : [];
    const sql = `${KEYS} where ($1::uuid is null or k.id < $1) and ($2::uuid is null or k.team_id = $2)
                 order by k.id desc limit $3`;
    const rows = await this.database.query<KeyView>(sql, [before, teamId, query.limit + 1]);
    return toPage(
      rows,
      query.limit,
      (key) => key,
      (key) => [key.id],
    );
  }

  /** @throws a 404 */
  async get(id: string): Promise<KeyView> {
    const [key] = UUID.test(id) ? await this.database.query<KeyView>(`${KEYS} where k.id = $1`, [id]) : [];
    if (!key) throw notFound('key');
    return key;
  }

  /** Of the key with this id or this prefix, if only one has it. */
  async idOf(which: string): Promise<string | null> {
    const sql = 'select min(id::text) as id from api_keys where id::text = $1 or prefix = $1 having count(*) = 1';
    const [key] = await this.database.query<{ id: string }>(sql, [which]);
    return key?.id ?? null;
  }

  /** True when there was such a key and it was not revoked yet. `which` is its id or its prefix, if only one has it. */
  async revoke(which: string, actor: string): Promise<boolean> {
    const id = await this.idOf(which);
    if (id === null) return false;
    return this.database.unitOfWork((tx) => endKey(tx, this.audit, id, actor));
  }

  /** Who holds this key; null when it is unknown, revoked or expired. Notes the use, once a minute at most. */
  async callerOf(key: string): Promise<Caller | null> {
    const rows = await this.database.query<Caller & { stale: boolean }>(
      `select k.id as "keyId", k.name as "keyName", t.id as "teamId", t.name as "teamName", k.scopes,
              coalesce(k.last_used_at < now() - interval '1 minute', true) as stale
       from api_keys k join teams t on t.id = k.team_id
       where k.hash = $1 and ${VALID_KEY}`,
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
      `select id from api_keys where id = any($1) and ${VALID_KEY}`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.database.query('select 1 from api_keys limit 1')).length === 0;
  }
}
