import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { chmod, chown, lchown, lstat, mkdir, readdir, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, explainFileError, orOwnPostgres } from './embedded-postgres.error.js';
import { Account, runProgram } from './run-program.js';

/** Postgres refuses to run as root: there it runs as `nobody`, who is on every system and owns nothing. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

/** Not /tmp or /var/tmp: systemd empties those of files that were not touched for a while, and a database is such files. */
const OUTSIDE = ['/var/lib', '/var/tmp'];

export const isRoot = (): boolean => process.getuid?.() === 0;

/** Makes the project's private folder and names it without symlinks. */
export async function openHome(home: string): Promise<string> {
  try {
    await mkdir(dirname(home), { recursive: true });
    await mkdir(home, { mode: 0o700 }).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST' || !statSync(home).isDirectory()) throw error;
    });
    const folder = await realpath(home);
    if (isRoot()) await letPass(folder);
    return folder;
  } catch (error) {
    throw explainFileError(error, home);
  }
}

/** The folder inside the home that holds the server's log, and its data wherever the account may reach it. */
export async function openRoom(home: string): Promise<string> {
  const room = join(home, 'postgres');
  try {
    await mkdir(room, { recursive: true, mode: 0o700 });
    if (isRoot()) await letPass(room);
    return room;
  } catch (error) {
    throw explainFileError(error, room);
  }
}

/** Group nobody may walk through, and neither list nor change anything; everybody else stays outside. */
async function letPass(folder: string): Promise<void> {
  const { mode, uid } = await stat(folder);
  if ((mode & 0o001) !== 0) return;
  await chown(folder, uid, NOBODY.gid);
  await chmod(folder, (mode & 0o700) | 0o010);
}

/** For root: the owner of data that is there already (it may come from a start without root), else nobody. */
export async function accountFor(dataDirs: string[]): Promise<Account> {
  for (const dataDir of dataDirs) {
    const owner = await stat(dataDir).catch(() => null);
    if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  return NOBODY;
}

/** Asked of the system itself, by going there as that account: modes alone do not tell (access lists, mounts). */
export async function mayEnter(account: Account, folder: string): Promise<boolean> {
  const went = await runProgram('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { account, cwd: '/' });
  return went.exitCode === 0;
}

/** A folder outside the project, for a project that nobody may enter (below /root, for instance). */
export function outsideRooms(home: string): string[] {
  const name = `signalbox-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`;
  return OUTSIDE.map((parent) => join(parent, name));
}

export async function openOutsideRoom(home: string, rooms: string[] = outsideRooms(home)): Promise<string> {
  for (const room of rooms) {
    try {
      await mkdir(room, { mode: 0o700 });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') continue;
      if (!(await isTrusted(room))) throw orOwnPostgres(`${room} was not made by root and is not trusted; remove it`);
    }
    await letPass(room);
    await writeFile(join(room, 'belongs-to.txt'), `${home}\n`, { mode: 0o600 });
    return room;
  }
  throw orOwnPostgres(
    `${home} cannot be entered by uid ${NOBODY.uid}, and no folder can be made below ${OUTSIDE.join(' or ')}`,
  );
}

/** /var/tmp is open to all: somebody may have made the folder first, to read or to swap what we put there. */
export async function isTrusted(room: string): Promise<boolean> {
  const found = await lstat(room).catch(() => null);
  return found !== null && found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
}

/** chown -R that follows no symlink. */
export async function giveTo(account: Account, path: string): Promise<void> {
  await lchown(path, account.uid, account.gid);
  if (!(await lstat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(account, join(path, name));
}
