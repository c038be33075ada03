import type { Transaction } from '../database/database.js';
import { conflict } from '../http/problem.js';
import type { AuditLog } from './audit-log.js';
import type { Scope } from './scopes.js';

export interface KeyRow {
  id: string;
  teamId: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** By the database's clock. */
  isValid: boolean;
}

/** As SQL: neither revoked nor expired, by the database's clock. */
export const VALID_KEY = 'revoked_at is null and coalesce(expires_at > now(), true)';
const COLUMNS = `id, team_id as "teamId", name, prefix, scopes, expires_at as "expiresAt", revoked_at as "revokedAt", ${VALID_KEY} as "isValid"`;

/** What the audit log says of a key: never the key, nor its hash. */
export const shown = ({ name, prefix, scopes, expiresAt }: KeyRow) => ({ name, prefix, scopes, expiresAt });

/**
 * All valid keys of administrators, locked in one order before any other key is: two that end each other's at the same time
 * wait, and the second one sees what is left.
 */
async function lockAdmins(tx: Transaction): Promise<string[]> {
  const sql = `select id from api_keys where 'admin' = any(scopes) and ${VALID_KEY} order by id for update`;
  return (await tx.query<{ id: string }>(sql)).map(({ id }) => id);
}

async function lockOne(tx: Transaction, id: string): Promise<KeyRow | null> {
  const [row] = await tx.query<KeyRow>(`select ${COLUMNS} from api_keys where id = $1 for update`, [id]);
  return row ?? null;
}

/** The key, and whether it is the only one left that administers; locked until the transaction ends. */
export async function lockKey(tx: Transaction, id: string): Promise<{ key: KeyRow; isLastAdmin: boolean } | null> {
  const admins = await lockAdmins(tx);
  const key = await lockOne(tx, id);
  return key && { key, isLastAdmin: key.isValid && admins.length === 1 && admins[0] === key.id };
}

/** True when it was not revoked yet. */
export async function endKey(tx: Transaction, audit: AuditLog, id: string, actor: string): Promise<boolean> {
  const key = await lockOne(tx, id);
  const [after] = await tx.query<{ revokedAt: Date }>(
    'update api_keys set revoked_at = now() where id = $1 and revoked_at is null returning revoked_at as "revokedAt"',
    [id],
  );
  if (!key || !after) return false;
  const { teamId } = key;
  await audit.write(tx, { actor, action: 'key.revoke', subject: `key:${id}`, teamId, before: shown(key), after });
  return true;
}

export function lastAdminKey(id: string) {
  const fix = `make another one first (signalbox keys create --name … --scopes admin), or end it with signalbox keys revoke ${id}`;
  return conflict('last_admin_key', `without this key nobody could administer over REST any more; ${fix}`);
}
