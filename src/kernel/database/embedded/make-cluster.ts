import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SUPERUSER } from './connection.js';
import { errorCode, orOwnPostgres } from './embedded-postgres.error.js';
import { Binaries } from './postgres-binaries.js';
import { Account, ProgramResult, runProgram } from './run-program.js';

/** Inside the data folder, so that data and password never part. */
const PASSWORD_FILE = 'signalbox.password';

/**
 * Makes a new, empty database cluster. It grows beside its final name and is renamed when it is whole:
 * a folder named `data` is never half a cluster, however the process ended.
 */
export async function makeCluster(dataDir: string, binaries: Binaries, account: Account | null): Promise<void> {
  const draft = `${dataDir}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (account !== null) await chown(draft, account.uid, account.gid);

  const password = randomBytes(24).toString('base64url');
  const passwordFile = `${draft}.password`;
  await writePassword(passwordFile, password, account);
  try {
    const result = await runProgram(
      binaries.initdb,
      [
        '-D',
        draft,
        '-U',
        SUPERUSER,
        `--pwfile=${passwordFile}`,
        '-A',
        'scram-sha-256',
        '-E',
        'UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { account, cwd: draft },
    );
    if (result.exitCode !== 0) throw orOwnPostgres(whyNotMade(dataDir, result));
    await rename(passwordFile, join(draft, PASSWORD_FILE));
    await rm(dataDir, { recursive: true, force: true });
    await rename(draft, dataDir);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

export async function readPassword(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(join(dataDir, PASSWORD_FILE), 'utf8')).trim() || null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** For data whose password file got lost: Postgres run by hand, without a network, asks for none. */
export async function renewPassword(dataDir: string, binaries: Binaries, account: Account | null): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const result = await runProgram(binaries.postgres, ['--single', '-D', dataDir, 'postgres'], {
    account,
    cwd: dataDir,
    input: `ALTER ROLE ${SUPERUSER} PASSWORD '${password}'\n`,
  });
  if (result.exitCode !== 0 || /(ERROR|FATAL|PANIC):/.test(result.output)) {
    throw orOwnPostgres(`The password of the database in ${dataDir} is lost; move the folder away to begin anew`);
  }
  await writePassword(join(dataDir, PASSWORD_FILE), password, account);
  return password;
}

async function writePassword(file: string, password: string, account: Account | null): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, password, { mode: 0o600, flag: 'wx' });
  if (account !== null) await chown(file, account.uid, account.gid);
}

export function whyNotMade(dataDir: string, { output, startError }: ProgramResult): string {
  if (/No space left on device/i.test(output)) return `The disk that holds ${dataDir} is full; free some space`;
  const unknown = /could not look up effective user ID (\d+)/.exec(output)?.[1];
  if (unknown) return `This system has no user with the id ${unknown}, which Postgres needs; add one to /etc/passwd`;
  const errors = output.split('\n').filter((line) => /error:|FATAL:|PANIC:/.test(line));
  const said = startError?.message ?? errors.at(-1)?.trim() ?? output.trim().split('\n').at(-1) ?? '';
  return `The database in ${dataDir} could not be made (${said}); look at that folder and its disk`;
}
