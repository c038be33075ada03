import { Client } from 'pg';

/** Where a server listens and what opens it. */
export interface Access {
  port: number;
  password: string;
}

export const SUPERUSER = 'signalbox';

export function postgresUrl(access: Access, database: string): string {
  return `postgres://${SUPERUSER}:${access.password}@127.0.0.1:${access.port}/${encodeURIComponent(database)}`;
}

/** One question over a connection of its own; `ssl` is named so that PGSSLMODE of the shell has no say. */
export async function ask(url: string, sql: string, timeoutMs = 3_000): Promise<Record<string, unknown>[]> {
  const client = new Client({
    connectionString: url,
    ssl: false,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => undefined); // A server that goes away between two packets fails the query below as well.
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function createDatabaseIfMissing(access: Access, database: string): Promise<void> {
  const url = postgresUrl(access, 'postgres');
  const literal = `'${database.replaceAll("'", "''")}'`;
  const found = await ask(url, `SELECT 1 FROM pg_database WHERE datname = ${literal}`);
  if (found.length === 0) await ask(url, `CREATE DATABASE "${database.replaceAll('"', '""')}"`, 60_000);
}
