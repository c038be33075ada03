import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SUPERUSER } from './connection.js';
import { orOwnPostgres } from './embedded-postgres.error.js';
import { passwordPath, writeNewPassword } from './password-file.js';
import { Binaries } from './postgres-binaries.js';
import { Account, ProgramResult, programEnvironment, runProgram } from './run-program.js';

/**
 * Makes a new, empty database cluster. It grows beside its final name and is renamed when it is whole:
 * a folder named `data` is never half a cluster, however the process ended. Each try has a name of its own,
 * as the initdb of a process that was killed may still be writing.
 */
export async function makeCluster(dataDir: string, binaries: Binaries, account: Account | null): Promise<void> {
  const draft = `${draftsOf(dataDir)}${randomUUID()}`;
  const cluster = join(draft, 'data');
  const passwordFile = join(draft, 'password');
  try {
    for (const folder of [draft, cluster]) {
      await mkdir(folder, { mode: 0o700 });
      if (account !== null) await chown(folder, account.uid, account.gid);
    }
    await writeNewPassword(passwordFile, account);
    const result = await runProgram(binaries.initdb, initdbArguments(cluster, passwordFile), { account, cwd: draft });
    if (result.exitCode !== 0) throw orOwnPostgres(whyNotMade(dataDir, result));

    await rename(passwordFile, passwordPath(cluster));
    await rm(dataDir, { recursive: true, force: true });
    await rename(cluster, dataDir);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function initdbArguments(cluster: string, passwordFile: string): string[] {
  const access = ['-U', SUPERUSER, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256'];
  return ['-D', cluster, ...access, '-E', 'UTF8', '--locale=C', '--no-sync'];
}

/**
 * initdb does not wait for the disk (seconds, at the first start): what it wrote is made safe while the server already
 * runs. A power cut in between costs a database that is seconds old.
 */
export function syncInBackground(dataDir: string, binaries: Binaries, account: Account | null): void {
  const child = spawn(binaries.initdb, ['--sync-only', '-D', dataDir], {
    cwd: dataDir,
    env: programEnvironment,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    ...account,
  });
  child.once('error', () => undefined);
  child.unref();
}

const draftsOf = (dataDir: string): string => `${dataDir}.new-`;

/** What earlier tries left that were cut short; whether there was any. */
export async function removeDrafts(dataDir: string): Promise<boolean> {
  const names = await readdir(dirname(dataDir));
  const drafts = names.filter((name) => name.startsWith(basename(draftsOf(dataDir))));
  for (const name of drafts) {
    // Whoever still writes there, a second or two at most, may win against a removal; if he always does, the next start tries.
    const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };
    await rm(join(dirname(dataDir), name), patiently).catch(() => undefined);
  }
  return drafts.length > 0;
}

export function whyNotMade(dataDir: string, { output, startError }: ProgramResult): string {
  if (/No space left on device/i.test(output)) return `The disk that holds ${dataDir} is full; free some space`;
  const unknown = /could not look up effective user ID (\d+)/.exec(output)?.[1];
  if (unknown) return `This system has no user with the id ${unknown}, which Postgres needs; add one to /etc/passwd`;
  const errors = output.split('\n').filter((line) => /error:|FATAL:|PANIC:/.test(line));
  const said = startError?.message ?? errors.at(-1)?.trim() ?? output.trim().split('\n').at(-1) ?? '';
  return `The database in ${dataDir} could not be made (${said}); look at that folder and its disk`;
}
