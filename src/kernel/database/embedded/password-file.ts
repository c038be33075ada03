import { randomBytes } from 'node:crypto';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SUPERUSER } from './connection.js';
import { errorCode, orOwnPostgres } from './embedded-postgres.error.js';
import { Binaries } from './postgres-binaries.js';
import { Account, runProgram } from './run-program.js';

/** Inside the data folder, so that data and password never part. */
export const passwordPath = (dataDir: string): string => join(dataDir, 'signalbox.password');

export async function readPassword(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(passwordPath(dataDir), 'utf8')).trim() || null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

export async function writeNewPassword(path: string, account: Account | null): Promise<void> {
  await writePassword(path, newPassword(), account);
}

/** For data whose password file got lost: Postgres run by hand, without a network, asks for none. */
export async function renewPassword(dataDir: string, binaries: Binaries, account: Account | null): Promise<string> {
  const password = newPassword();
  const result = await runProgram(binaries.postgres, ['--single', '-D', dataDir, 'postgres'], {
    account,
    cwd: dataDir,
    input: `ALTER ROLE ${SUPERUSER} PASSWORD '${password}'\n`,
  });
  if (result.exitCode !== 0 || /(ERROR|FATAL|PANIC):/.test(result.output)) {
    throw orOwnPostgres(`The password of the database in ${dataDir} is lost; move the folder away to begin anew`);
  }
  await writePassword(passwordPath(dataDir), password, account);
  return password;
}

/** Safe inside a URL and inside quotes. */
const newPassword = (): string => randomBytes(24).toString('base64url');

async function writePassword(path: string, password: string, account: Account | null): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, password, { mode: 0o600, flag: 'wx' });
  if (account !== null) await chown(path, account.uid, account.gid);
}
