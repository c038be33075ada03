import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError, errorCode, orOwnPostgres } from './embedded-postgres.error.js';

export type DataFolder =
  | { state: 'absent' }
  /** Made, but never filled with data: safe to make anew. */
  | { state: 'unfinished' }
  | { state: 'foreign'; example: string }
  | { state: 'damaged'; missing: string }
  | { state: 'complete'; major: string };

/** What initdb makes at the top of a data folder. */
const ITS_NAMES =
  /^(pg_\w+|base|global|PG_VERSION|postgresql(\.auto)?\.conf|postmaster\.(pid|opts)|signalbox\.password)$/;

export async function inspectDataFolder(dataDir: string): Promise<DataFolder> {
  const names = await unlessMissing(readdir(dataDir));
  if (names === null || names.length === 0) return { state: 'absent' };

  const version = (await unlessMissing(readFile(join(dataDir, 'PG_VERSION'), 'utf8'))) ?? '';
  const control = (await unlessMissing(stat(join(dataDir, 'global', 'pg_control')))) !== null;
  const databases = (await unlessMissing(readdir(join(dataDir, 'base')))) ?? [];
  if (version.trim() && control && databases.length > 0) return { state: 'complete', major: version.trim() };

  const example = names.find((name) => !ITS_NAMES.test(name));
  if (!control && databases.length === 0) return example ? { state: 'foreign', example } : { state: 'unfinished' };
  return { state: 'damaged', missing: !version.trim() ? 'PG_VERSION' : !control ? 'global/pg_control' : 'base' };
}

/** Refuses data that these binaries must not touch, before anything is written. */
export function checkUsable(found: DataFolder, dataDir: string, major: number): void {
  const { state } = found;
  if (state === 'foreign') {
    throw orOwnPostgres(`${dataDir} holds files that are no database (${found.example}); move them away`);
  }
  if (state === 'damaged') {
    throw orOwnPostgres(
      `The database in ${dataDir} is damaged (${found.missing} is missing) and was left as it is; ` +
        `restore it from a backup or move the folder away to begin anew`,
    );
  }
  if (state === 'complete' && found.major !== String(major)) {
    throw orOwnPostgres(
      `The database in ${dataDir} was made by Postgres ${found.major}, and the built-in one is Postgres ${major}; ` +
        `install the package version with Postgres ${found.major}, move the folder away to begin anew`,
    );
  }
}

/** Postgres wants its data folder to be its own account's and closed to all others. */
export async function closeToOthers(dataDir: string, uid: number | undefined): Promise<void> {
  if (uid === undefined) return;
  const found = await stat(dataDir);
  if (found.uid !== uid) {
    throw new EmbeddedPostgresError(
      `The database in ${dataDir} belongs to uid ${found.uid}, and this is uid ${uid}; ` +
        `start as the same user as before, give the folder to this user, or set DATABASE_URL to a Postgres of your own.`,
    );
  }
  if ((found.mode & 0o077) !== 0) await chmod(dataDir, 0o700);
}

/** Only what is surely not there counts as missing: a disk that cannot be read must not look like an empty one. */
async function unlessMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
