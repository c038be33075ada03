import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from './connection.js';
import { errorCode, explainFileError } from './embedded-postgres.error.js';
import { stillRuns } from './process-birth.js';

/** What a running Signalbox leaves for the command line beside it. */
export interface RuntimeFile {
  url: string;
  pid: number;
  ownerPid: number;
  ownerBirth: string;
}

export const runtimePath = (home: string): string => join(home, 'postgres.json');

export async function writeRuntimeFile(home: string, content: RuntimeFile): Promise<void> {
  const path = runtimePath(home);
  await rm(`${path}.new`, { force: true });
  await writeFile(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(`${path}.new`, path);
}

export async function removeRuntimeFile(home: string): Promise<void> {
  await rm(runtimePath(home), { force: true });
}

/** The Postgres of a Signalbox that runs from this folder right now; null: none does, or it does not answer. */
export async function findRunningPostgres(
  home: string,
): Promise<{ url: string; pid: number; ownerPid: number } | null> {
  const found = await readRuntimeFile(home);
  if (found === null || !(await stillRuns(found.ownerPid, found.ownerBirth))) return null;
  const { url, pid, ownerPid } = found;
  return ask(url, 'SELECT 1').then(
    () => ({ url, pid, ownerPid }),
    () => null,
  );
}

async function readRuntimeFile(home: string): Promise<RuntimeFile | null> {
  try {
    const value: unknown = JSON.parse(await readFile(runtimePath(home), 'utf8'));
    return isRuntimeFile(value) ? value : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR' || error instanceof SyntaxError) return null;
    throw explainFileError(error, runtimePath(home));
  }
}

function isRuntimeFile(value: unknown): value is RuntimeFile {
  if (typeof value !== 'object' || value === null) return false;
  const { url, pid, ownerPid, ownerBirth } = value as Partial<Record<keyof RuntimeFile, unknown>>;
  return (
    typeof url === 'string' && typeof ownerBirth === 'string' && Number.isInteger(pid) && Number.isInteger(ownerPid)
  );
}
