import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import { errorCode, explainFileError, orOwnPostgres } from './embedded-postgres.error.js';
import { giveTo } from './quarters.js';
import { PlatformPackage } from './platform-package.js';
import { Account, ProgramResult, runProgram } from './run-program.js';

export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** Such as 18. */
  major: number;
}

/** The programs in the package's folder, or a copy of them where the account may not enter that folder. */
export async function usableBinaries(
  found: PlatformPackage,
  account: Account | null,
  copyBelow: () => Promise<string>,
): Promise<Binaries> {
  let tried = await tryOut(found.native, account);
  if ('major' in tried) return tried;
  if (await restoreLinks(found.native)) {
    tried = await tryOut(found.native, account);
    if ('major' in tried) return tried;
  }
  if (errorCode(tried.startError) === 'EPERM' && account !== null) {
    throw orOwnPostgres(
      `Postgres does not run as root, and root may not become uid ${account.uid} here; run as another user`,
    );
  }
  if (account !== null) {
    const place = join(await copyBelow(), `postgres-${found.version}`);
    tried = await tryOut(join(place, 'native'), account);
    if ('major' in tried) return tried;
    await copy(found.native, place, account);
    tried = await tryOut(join(place, 'native'), account);
    if ('major' in tried) return tried;
  }
  const said = tried.startError?.message ?? tried.output.trim().split('\n').at(-1) ?? '';
  throw orOwnPostgres(`The built-in Postgres in ${found.native} does not run on this system (${said}); reinstall it`);
}

async function tryOut(native: string, account: Account | null): Promise<Binaries | ProgramResult> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', name + suffix);
  const result = await runProgram(program('postgres'), ['--version'], { account, cwd: parse(native).root });
  const major = majorIn(result.output);
  if (result.exitCode !== 0 || major === null) return result;
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl'), major };
}

/** "postgres (PostgreSQL) 18.4" */
export function majorIn(output: string): number | null {
  const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  return major === undefined ? null : Number(major);
}

/** npm packages carry no symlinks; the package's install script makes them, unless scripts are switched off. */
async function restoreLinks(native: string): Promise<boolean> {
  let made = false;
  for (const { source, target } of await listedLinks(native)) {
    try {
      await symlink(basename(source), join(dirname(native), target));
      made = true;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') return made;
    }
  }
  return made;
}

async function listedLinks(native: string): Promise<{ source: string; target: string }[]> {
  try {
    const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
    return Array.isArray(list) ? (list as { source: string; target: string }[]) : [];
  } catch {
    return [];
  }
}

async function copy(native: string, place: string, account: Account): Promise<void> {
  const draft = `${place}.new`;
  try {
    await rm(draft, { recursive: true, force: true });
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await restoreLinks(join(draft, 'native'));
    await giveTo(account, draft);
    await rm(place, { recursive: true, force: true });
    await rename(draft, place);
  } catch (error) {
    throw explainFileError(error, dirname(place));
  }
}
