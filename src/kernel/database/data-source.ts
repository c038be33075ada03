import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { migrations } from '../../../migrations/list.js';
import { SnakeNaming } from './snake-naming.js';

/** Taken by whoever migrates, so that several replicas may start at once. */
const MIGRATION_LOCK = 0x51604a1b;

/** The stream's promise rests on it: no writing transaction outlives a few seconds. */
export const TRANSACTION_LIMITS = { statement_timeout: 5_000, idle_in_transaction_session_timeout: 5_000 } as const;

/**
 * What every connection of ours is made with. `uuidExtension: pgcrypto` means plain gen_random_uuid(), no extension.
 * Through a transaction-mode pooler a connection has no settings of its own: each transaction sets its limits.
 */
export function dataSourceOptions(url: string, pool: number, pooled = false): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    poolSize: pool,
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNaming(),
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    applicationName: 'signalbox',
    extra: { ...(pooled ? {} : TRANSACTION_LIMITS), connectionTimeoutMillis: 5_000 },
  };
}

/** Brings the schema up to date, one process at a time. Returns the names of the migrations that ran. */
export async function migrate(url: string): Promise<string[]> {
  const lock = new Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const source = new DataSource({ ...dataSourceOptions(url, 1), extra: {} });
    await source.initialize();
    try {
      return (await source.runMigrations()).map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
}
