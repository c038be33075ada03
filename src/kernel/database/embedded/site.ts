import { dirname, join } from 'node:path';
import { inspectDataFolder } from './data-folder.js';
import { orOwnPostgres } from './embedded-postgres.error.js';
import { locatePlatformPackage } from './platform-package.js';
import { Binaries, usableBinaries } from './postgres-binaries.js';
import { accountFor, isRoot, isTrusted, mayEnter, openOutsideRoom, openRoom, outsideRooms } from './quarters.js';
import { Account } from './run-program.js';

/** Where the data of one project lies, with what it is run and as whom. */
export interface Site {
  dataDir: string;
  logFile: string;
  binaries: Binaries;
  account: Account | null;
}

export type Log = (message: string, details?: Record<string, unknown>) => void;

export async function chooseSite(home: string, log: Log): Promise<Site> {
  const room = await openRoom(home);
  const logFile = join(room, 'server.log');
  const inside = join(room, 'data');
  if (!isRoot()) {
    const binaries = await usableBinaries(await locatePlatformPackage(), null, () => openOutsideRoom(home));
    return { dataDir: inside, logFile, binaries, account: null };
  }
  const [outside] = await databasesOutside(home);
  const account = await accountFor(outside === undefined ? [inside] : [inside, outside]);
  const binaries = await usableBinaries(await locatePlatformPackage(), account, () => openOutsideRoom(home));

  // Data that is there decides; else the project's own folder, wherever the account may enter it.
  const enterable = await mayEnter(account, room);
  if ((await inspectDataFolder(inside)).state === 'complete') {
    if (!enterable) {
      throw orOwnPostgres(
        `The database in ${inside} cannot be reached by uid ${account.uid}; let it pass through the folders above`,
      );
    }
    return { dataDir: inside, logFile, binaries, account };
  }
  if (outside === undefined && enterable) return { dataDir: inside, logFile, binaries, account };

  const dataDir = join(outside === undefined ? await openOutsideRoom(home) : dirname(outside), 'data');
  log('Postgres does not run as root and its own user cannot enter this project: the data lies outside of it', {
    dataDir,
  });
  return { dataDir, logFile, binaries, account };
}

async function databasesOutside(home: string): Promise<string[]> {
  const found: string[] = [];
  for (const room of outsideRooms(home)) {
    const dataDir = join(room, 'data');
    if ((await isTrusted(room)) && (await inspectDataFolder(dataDir)).state === 'complete') found.push(dataDir);
  }
  return found;
}
