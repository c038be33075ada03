import { join } from 'node:path';
import { createDatabaseIfMissing, postgresUrl } from './connection.js';
import { EmbeddedPostgresError, errorCode, explainFileError, orOwnPostgres } from './embedded-postgres.error.js';
import { syncInBackground } from './make-cluster.js';
import { takeOwnerLock } from './owner-lock.js';
import { openHome } from './quarters.js';
import { RunningServer, runServer } from './running-server.js';
import { removeRuntimeFile, writeRuntimeFile } from './runtime-file.js';
import { serverSettings } from './server-settings.js';
import { chooseSite, Site } from './site.js';
import { stopPostmaster } from './stop-postmaster.js';

export { EmbeddedPostgresError } from './embedded-postgres.error.js';
export { findRunningPostgres } from './runtime-file.js';

export interface EmbeddedPostgresOptions {
  /** Absolute path of the project's private folder; made when missing. */
  home: string;
  database?: string;
  /** false: fast and forgetful, for tests. */
  durable?: boolean;
  log: (message: string, details?: Record<string, unknown>) => void;
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  url: string;
  dataDir: string;
  pid: number;
  /** It was running already, left behind by a process that was killed. */
  adopted: boolean;
  /** Ends the server, the last thing an application does. May be called more than once. */
  stop(): Promise<void>;
}

/** Starts the Postgres that came with npm on data inside `home`, loopback only; every refusal is an EmbeddedPostgresError. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    const home = await openHome(options.home);
    const lock = await takeOwnerLock(join(home, 'postgres.lock'));
    if (!lock.held) {
      throw new EmbeddedPostgresError(
        `The database in ${home} is in use by another Signalbox (pid ${lock.by.pid}); stop it, or set DATABASE_URL.`,
      );
    }
    try {
      return await start(home, options, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw asOneSentence(error, options.home);
  }
}

async function start(
  home: string,
  { database = 'signalbox', durable = true, log, settings }: EmbeddedPostgresOptions,
  lock: { me: { birth: string }; release(): Promise<void> },
): Promise<EmbeddedPostgres> {
  const began = performance.now();
  let stopped: Promise<void> | undefined;
  const site = await chooseSite(home, log);
  const server = await runServer(site, serverSettings(durable, settings), log);
  const { pid } = server.postmaster;
  void server.postmaster.ended?.then((how) => {
    if (stopped === undefined) log('Postgres ended by itself', { pid, ...how, logFile: site.logFile });
  });
  const url = postgresUrl(server, database);
  try {
    await createDatabaseIfMissing(server, database);
    if (server.isNew && durable) syncInBackground(site.dataDir, site.binaries, site.account);
    await writeRuntimeFile(home, { url, pid, ownerPid: process.pid, ownerBirth: lock.me.birth });
  } catch (error) {
    stopped = halt(site, server).catch(() => undefined); // The first error is the one to tell.
    await stopped;
    throw error;
  }
  const { adopted } = server;
  log(adopted ? 'Took over the Postgres that an earlier run left behind' : 'Postgres started', {
    dataDir: site.dataDir,
    port: server.port,
    pid,
    ms: Math.round(performance.now() - began),
  });

  const stop = async (): Promise<void> => {
    try {
      await removeRuntimeFile(home);
      await halt(site, server);
    } finally {
      await lock.release();
    }
  };
  return { url, dataDir: site.dataDir, pid, adopted, stop: () => (stopped ??= stop()) };
}

function halt({ dataDir, binaries }: Site, { postmaster }: RunningServer): Promise<void> {
  return stopPostmaster(postmaster, { dataDir, pgCtl: binaries.pgCtl });
}

function asOneSentence(error: unknown, home: string): unknown {
  const explained = explainFileError(error, home);
  if (explained instanceof EmbeddedPostgresError) return explained;
  if (errorCode(error) === '28P01') {
    return orOwnPostgres(
      `The password kept beside the database in ${home} was changed; remove signalbox.password there`,
    );
  }
  const said = error instanceof Error ? error.message : String(error);
  return orOwnPostgres(`The built-in Postgres in ${home} could not be started (${said}); look at that folder`, error);
}
