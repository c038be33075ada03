import { Client } from 'pg';
import type { TestDatabase } from '../setup/test-database.js';

/** Takes a database away from everybody, as if its server were gone, for as long as `work` lasts. */
export function whileAway(database: TestDatabase, work: () => Promise<void>): Promise<void> {
  return between(database, ['allow_connections false', 'allow_connections true'], work);
}

/** Nothing can be written, as on a server that is about to take over from another. */
export function whileReadOnly(database: TestDatabase, work: () => Promise<void>): Promise<void> {
  return between(database, ['set default_transaction_read_only = on', 'reset default_transaction_read_only'], work);
}

async function between({ url }: TestDatabase, [close, open]: [string, string], work: () => Promise<void>) {
  const name = new URL(url).pathname.slice(1);
  const elsewhere = new URL(url);
  elsewhere.pathname = '/postgres';
  const admin = new Client({ connectionString: elsewhere.href });
  const change = async (how: string) => {
    await admin.query(`alter database "${name}" ${how}`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  };
  await admin.connect();
  try {
    await change(close);
    await work();
  } finally {
    await change(open);
    await admin.end();
  }
}
