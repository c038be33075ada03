import { stat } from 'node:fs/promises';
import { Access } from './connection.js';
import { checkUsable, closeToOthers, inspectDataFolder } from './data-folder.js';
import { Postmaster } from './launch-postmaster.js';
import { findLeftover } from './leftover-postmaster.js';
import { makeCluster, removeDrafts } from './make-cluster.js';
import { readPassword, renewPassword } from './password-file.js';
import { giveTo } from './quarters.js';
import { serverArguments } from './server-settings.js';
import { Log, Site } from './site.js';
import { startServer } from './start-server.js';
import { stopPostmaster } from './stop-postmaster.js';

export interface RunningServer extends Access {
  postmaster: Postmaster;
  adopted: boolean;
  /** Its data was made at this very start. */
  isNew: boolean;
}

/** Brings the server of a site to life: makes its data on the first start, takes over a server that outlived its owner. */
export async function runServer(site: Site, settings: Record<string, string>, log: Log): Promise<RunningServer> {
  const { dataDir, binaries, account } = site;
  const isNew = await prepareData(site, log);

  const args = serverArguments(dataDir, settings);
  let password = await readPassword(dataDir);
  const leftover = await findLeftover(dataDir, password, [binaries.postgres, ...args]);
  if (leftover.kind === 'ours') {
    const { postmaster } = leftover;
    if (leftover.healthy && password !== null)
      return { postmaster, adopted: true, isNew, port: postmaster.port, password };
    log('A Postgres left behind by an earlier run is stopped first', { pid: postmaster.pid, dataDir });
    await stopPostmaster(postmaster, { dataDir, pgCtl: binaries.pgCtl });
  }
  if (password === null) {
    log('The password of the database was lost; it gets a new one', { dataDir });
    password = await renewPassword(dataDir, binaries, account);
  }
  const strangerPid = leftover.kind === 'stranger' ? leftover.pid : null;
  const postmaster = await startServer({ ...site, arguments: args, strangerPid });
  return { postmaster, adopted: false, isNew, port: postmaster.port, password };
}

/** Whether the data was made just now. */
async function prepareData({ dataDir, binaries, account }: Site, log: Log): Promise<boolean> {
  const owner = (await stat(dataDir).catch(() => null))?.uid;
  // Copied or restored by root: Postgres runs as somebody else, to whom its data has to belong.
  if (account !== null && owner === 0) await giveTo(account, dataDir);
  if (owner !== undefined) await closeToOthers(dataDir, account?.uid ?? process.getuid?.());

  const found = await inspectDataFolder(dataDir);
  checkUsable(found, dataDir, binaries.major);
  if (found.state === 'complete') return false;
  if ((await removeDrafts(dataDir)) || found.state === 'unfinished') {
    log('An earlier set-up of the database did not finish; it is made anew', { dataDir });
  }
  await makeCluster(dataDir, binaries, account);
  return true;
}
