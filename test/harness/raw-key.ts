import { createHash, randomBytes } from 'node:crypto';
import type { Client } from 'pg';

/** An API key written straight into the database, for services that run as processes of their own. */
export async function insertKey(db: Client, scopes = ['jobs:read', 'jobs:write']): Promise<string> {
  const key = `sbx_${randomBytes(32).toString('base64url')}`;
  await db.query(
    `insert into api_keys (id, team_id, name, prefix, hash, scopes)
     select gen_random_uuid(), id, 'journey', $1, $2, $3 from teams`,
    [key.slice(0, 10), createHash('sha256').update(key).digest(), scopes],
  );
  return key;
}
