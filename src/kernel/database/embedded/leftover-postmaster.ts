import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, postgresUrl } from './connection.js';
import { PATIENCE_MS, Postmaster, postmasterByPid } from './launch-postmaster.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { commandLine, processBirth } from './process-birth.js';
import { until } from './until.js';

/** A healthy server on a busy machine is worth the wait: to stop and start it costs more. */
const ANSWER_MS = 10_000;

export type Leftover =
  | { kind: 'none' }
  /** postmaster.pid names a process that is gone (a zombie, perhaps) or a stranger's. */
  | { kind: 'stranger'; pid: number }
  | { kind: 'ours'; postmaster: Postmaster; healthy: boolean };

/** Looks for the server of this folder that outlived the process which started it. */
export async function findLeftover(dataDir: string, password: string | null, wanted: string[]): Promise<Leftover> {
  const file = await readPostmasterPid(dataDir);
  if (file === null) return { kind: 'none' };
  if ((await processBirth(file.pid)) === null) return { kind: 'stranger', pid: file.pid };

  const open = async (): Promise<boolean> => password !== null && (await answers(dataDir, password));
  const named = await isServerOf(file.pid, dataDir);
  if (named === false) return { kind: 'stranger', pid: file.pid };
  if (named === null && !(await open())) return { kind: 'none' }; // Cannot be told: Postgres's own check has to do.

  const postmaster = await postmasterByPid(file.pid, file.port ?? 0);
  const settled = await until(async () => {
    if (await postmaster.hasEnded()) return 'ended' as const;
    const now = await readPostmasterPid(dataDir);
    return now?.pid === file.pid && now.ready ? now : undefined;
  }, PATIENCE_MS);
  if (settled === 'ended') return { kind: 'stranger', pid: file.pid };
  const healthy = settled !== undefined && (await open()) && (await startedWith(dataDir, wanted));
  return { kind: 'ours', postmaster: { ...postmaster, port: settled?.port ?? 0 }, healthy };
}

/** null: this system does not tell. Only a process that passes this is ever sent a signal. */
async function isServerOf(pid: number, dataDir: string): Promise<boolean | null> {
  const line = await commandLine(pid);
  if (line === null) return null;
  if (!/postgres/.test(line)) return false;
  if (`${line} `.includes(`-D ${dataDir} `)) return true;
  // The folder may have been moved under a running server, which follows it.
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === dataDir;
}

async function answers(dataDir: string, password: string): Promise<boolean> {
  const port = (await readPostmasterPid(dataDir))?.port;
  if (!port) return false;
  try {
    const [row] = await ask(postgresUrl({ port, password }, 'postgres'), 'SHOW data_directory', ANSWER_MS);
    return (await realpath(String(row?.['data_directory']))) === (await realpath(dataDir));
  } catch {
    return false;
  }
}

/** postmaster.opts: the program, and its arguments in double quotes. The port comes last. */
async function startedWith(dataDir: string, [program, ...words]: string[]): Promise<boolean> {
  const options = await readFile(join(dataDir, 'postmaster.opts'), 'utf8').catch(() => '');
  return options.startsWith(`${program} ${words.map((word) => `"${word}"`).join(' ')} "-p"`);
}
