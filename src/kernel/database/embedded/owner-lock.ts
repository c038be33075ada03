import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { errorCode } from './embedded-postgres.error.js';
import { processBirth, stillRuns } from './process-birth.js';

export interface LockHolder {
  pid: number;
  birth: string;
  nonce: string;
}

export type LockResult = { held: true; me: LockHolder; release(): Promise<void> } | { held: false; by: LockHolder };

/** File systems that know no hard links (exFAT). */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * One owner at a time, told apart by a file: the system offers Node no lock that ends with its process.
 * `link` makes the file appear whole and for one caller only. The file of a dead holder is replaced by whoever
 * first holds the lock that is named after that holder, so that two thieves never take it from each other.
 */
export async function takeOwnerLock(path: string): Promise<LockResult> {
  const me: LockHolder = {
    pid: process.pid,
    birth: (await processBirth(process.pid)) ?? 'unknown',
    nonce: randomUUID(),
  };
  const draft = `${path}.${me.nonce}`;
  try {
    await writeFile(draft, JSON.stringify(me), { mode: 0o600, flag: 'wx' });
    return await take(path, draft, me);
  } finally {
    await rm(draft, { force: true });
  }
}

async function take(path: string, draft: string, me: LockHolder): Promise<LockResult> {
  for (;;) {
    if (await appears(draft, path)) return { held: true, me, release: () => release(path, me) };
    const holder = await readHolder(path);
    if (holder === null) continue; // Released in between.
    if (holder !== 'unreadable' && (await stillRuns(holder.pid, holder.birth))) return { held: false, by: holder };

    const nonce = holder === 'unreadable' ? holder : holder.nonce;
    const right = await takeOwnerLock(`${path}.of-${nonce.slice(0, 8)}`);
    if (!right.held) return right;
    try {
      const now = await readHolder(path);
      if (now === holder || (now && now !== 'unreadable' && now.nonce === nonce)) {
        await rename(draft, path);
        return { held: true, me, release: () => release(path, me) };
      }
    } finally {
      await right.release();
    }
  }
}

async function appears(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path).catch((error: unknown) => {
      if (!NO_LINKS.includes(errorCode(error) ?? '')) throw error;
      return copyFile(draft, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function release(path: string, me: LockHolder): Promise<void> {
  const holder = await readHolder(path).catch(() => null);
  if (holder && holder !== 'unreadable' && holder.nonce === me.nonce) await rm(path, { force: true });
}

async function readHolder(path: string): Promise<LockHolder | 'unreadable' | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isHolder(value) ? value : 'unreadable';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (error instanceof SyntaxError) return 'unreadable'; // The power went before the text reached the disk.
    throw error;
  }
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, birth, nonce } = value as Partial<Record<keyof LockHolder, unknown>>;
  return Number.isInteger(pid) && typeof birth === 'string' && typeof nonce === 'string';
}
