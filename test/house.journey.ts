import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(__dirname, '..');
const depcruise = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

/** A house with a few rooms and one planted import, judged by the rules of ours. Returns what they say. */
async function judge(files: Record<string, string>): Promise<string> {
  const house = await mkdtemp(join(tmpdir(), 'house-'));
  try {
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      await cp(join(root, name), join(house, name));
    await symlink(join(root, 'node_modules'), join(house, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(house, path)), { recursive: true });
      await writeFile(join(house, path), text);
    }
    const cruise = run(process.execPath, [depcruise, '--config', '.dependency-cruiser.cjs', 'src'], { cwd: house });
    return (await cruise.catch((error: { stdout: string }) => error)).stdout;
  } finally {
    await rm(house, { recursive: true, force: true });
  }
}

const thing = 'export const thing = 1;\n';
const importing = (path: string) => `import { thing } from '${path}';\nexport const other = thing;\n`;

/** Rule, importing file, imported file, and how it is written. */
const PLANTED = [
  ['kernel-knows-no-domain', 'src/kernel/jobs/a.ts', 'src/domains/speakers/b.ts', '../../domains/speakers/b.js'],
  ['kernel-knows-no-domain', 'src/kernel/http/a.ts', 'src/sandbox/b.ts', '../../sandbox/b.js'],
  ['ladder-database', 'src/kernel/database/a.ts', 'src/kernel/jobs/b.ts', '../jobs/b.js'],
  ['kernel-rooms-are-on-the-ladder', 'src/kernel/jobs/c.ts', 'src/kernel/misc/b.ts', '../misc/b.js'],
  ['domains-are-strangers', 'src/domains/speakers/a.ts', 'src/domains/calls/b.ts', '../calls/b.js'],
  ['domains-import-kernel-only', 'src/domains/speakers/c.ts', 'src/serve.ts', '../../serve.js'],
  [
    'destinations-import-kernel-only',
    'src/destinations/a.destination.ts',
    'src/domains/calls/b.ts',
    '../domains/calls/b.js',
  ],
  [
    'destinations-are-strangers',
    'src/destinations/c.destination.ts',
    'src/destinations/b.destination.ts',
    './b.destination.js',
  ],
  ['only-the-roots-know-destinations', 'src/cli.ts', 'src/destinations/enabled.ts', './destinations/enabled.js'],
  ['sandbox-is-an-island', 'src/sandbox/a.ts', 'src/kernel/config/b.ts', '../kernel/config/b.js'],
  ['no-dumping-rooms', 'src/kernel/jobs/d.ts', 'src/kernel/jobs/utils/b.ts', './utils/b.js'],
  ['no-barrels', 'src/kernel/jobs/e.ts', 'src/kernel/jobs/index.ts', './index.js'],
  ['no-cycles', 'src/kernel/queue/a.ts', 'src/kernel/queue/b.ts', './b.js'],
] as const;

describe('The house rules that npm run check holds', () => {
  let verdict: string;

  beforeAll(async () => {
    const files: Record<string, string> = Object.fromEntries(PLANTED.map(([, , to]) => [to, thing]));
    for (const [, from, , path] of PLANTED) files[from] = importing(path);
    files['src/kernel/queue/b.ts'] = `import { other } from './a.js';\nexport const thing = (): number => other();\n`;
    verdict = await judge(files);
  });

  it.each(PLANTED)('catch a planted import: %s (%s → %s)', (rule, from, to) => {
    expect(verdict).toContain(`error ${rule}: ${from} → ${rule === 'no-cycles' ? '' : to}`);
  });

  it('have nothing to say about a house in order', async () => {
    const fine = await judge({
      'src/kernel/jobs/a.ts': importing('../database/b.js'),
      'src/kernel/database/b.ts': thing,
    });
    expect(fine).toContain('no dependency violations found');
  });
});
