import { resolve } from 'node:path';
import { parseEnv, setEnvironment } from '../kernel/config/parse-env.js';
import { ServiceEnv } from '../kernel/config/service.env.js';
import { migrate } from '../kernel/database/data-source.js';
import { DatabaseEnv, directUrl } from '../kernel/database/database.env.js';
import { findRunningPostgres, startEmbeddedPostgres } from '../kernel/database/embedded/embedded-postgres.js';

/**
 * Runs `work` with a database in the environment whose schema is up to date: the one of `DATABASE_URL`, else the built-in
 * one of a service that is running beside us, else the built-in one, started for this moment.
 */
export async function withDatabase<T>(work: () => Promise<T>): Promise<T> {
  const env = parseEnv(DatabaseEnv);
  if (env.DATABASE_URL !== '') {
    await migrate(directUrl(env));
    return work();
  }
  const home = resolve(parseEnv(ServiceEnv).SIGNALBOX_HOME);
  const beside = await findRunningPostgres(home);
  if (beside) {
    setEnvironment({ DATABASE_URL: beside.url });
    await migrate(beside.url);
    return work();
  }
  const own = await startEmbeddedPostgres({ home, log: () => undefined });
  try {
    setEnvironment({ DATABASE_URL: own.url });
    await migrate(own.url);
    return await work();
  } finally {
    await own.stop();
  }
}

/** Brings the schema up to date; of the built-in Postgres nothing is told. Returns the names of the migrations that ran. */
export async function migrateNow(): Promise<string[]> {
  const env = parseEnv(DatabaseEnv);
  if (env.DATABASE_URL !== '') return migrate(directUrl(env));
  await withDatabase(() => Promise.resolve());
  return [];
}
