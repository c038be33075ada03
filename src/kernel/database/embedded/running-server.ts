import { stat } from 'node:fs/promises';
import { Access } from './connection.js';
import { checkUsable, closeToOthers, inspectDataFolder } from './data-folder.js';
import { findLeftover } from './leftover-postmaster.js';
import { Postmaster } from './launch-postmaster.js';
import { makeCluster, readPassword, renewPassword } from './make-cluster.js';
import { giveTo } from './quarters.js';
import { serverArguments } from './server-settings.js';
import { Site } from './site.js';
import { startServer } from './start-server.js';
import { stopPostmaster } from './stop-postmaster.js';

export interface RunningServer extends Access {
  postmaster: Postmaster;
  adopted: boolean;
}

type Log = (message: string, details?: Record<string, unknown>) => void;

/** Brings the server of a site to life: makes its data on the first start, takes over a server that outlived its owner. */
export async function runServer(site: Site, settings: Record<string, string>, log: Log): Promise<RunningServer> {
  const { dataDir, binaries, account } = site;
  const found = await inspectDataFolder(dataDir);
  checkUsable(found, dataDir, binaries.major);
  if (found.state !== 'complete') {
    if (found.state === 'unfinished')
      log('An earlier set-up of the database did not finish; it is made anew', { dataDir });
    await makeCluster(dataDir, binaries, account);
  } else {
    await own(site);
  }

  const args = serverArguments(dataDir, settings);
  let password = await readPassword(dataDir);
  const leftover = await findLeftover(dataDir, password, [binaries.postgres, ...args]);
  if (leftover.kind === 'ours') {
    const { postmaster } = leftover;
    if (leftover.healthy && password !== null) return { postmaster, adopted: true, port: postmaster.port, password };
    log('A Postgres left behind by an earlier run is stopped first', { pid: postmaster.pid, dataDir });
    await stopPostmaster(postmaster, { dataDir, pgCtl: binaries.pgCtl });
  }
  if (password === null) {
    log('The password of the database was lost; it gets a new one', { dataDir });
    password = await renewPassword(dataDir, binaries, account);
  }
  const strangerPid = leftover.kind === 'stranger' ? leftover.pid : null;
  const postmaster = await startServer({ ...site, arguments: args, strangerPid });
  return { postmaster, adopted: false, port: postmaster.port, password };
}

async function own({ dataDir, account }: Site): Promise<void> {
  // Copied or restored by root: Postgres runs as somebody else, to whom its data has to belong.
  if (account !== null && (await stat(dataDir)).uid === 0) await giveTo(account, dataDir);
  await closeToOthers(dataDir, account?.uid ?? process.getuid?.());
}
