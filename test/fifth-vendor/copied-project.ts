import { cp, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Program } from './program.js';

const root = resolve(__dirname, '../..');
const PARTS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', '.dependency-cruiser.cjs'];
const FOLDERS = ['bin', 'src', 'migrations', 'examples'];
const NEST = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
const DEPCRUISE = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

/** This project, copied to where a test may change it. */
export class CopiedProject {
  private constructor(
    readonly folder: string,
    private readonly before: ReadonlyMap<string, string>,
  ) {}

  static async make(): Promise<CopiedProject> {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-copied-'));
    for (const part of [...PARTS, ...FOLDERS]) await cp(join(root, part), join(folder, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    return new CopiedProject(folder, await textsOf(folder));
  }

  /** A domain that is kept in `test/`, as the folder `src/domains/<name>` that it would be. */
  async addDomain(from: string, name: string): Promise<void> {
    const to = join(this.folder, 'src', 'domains', name);
    await cp(from, to, { recursive: true });
    for (const file of await readdir(to)) {
      const text = await readFile(join(to, file), 'utf8');
      await writeFile(join(to, file), text.replaceAll(`'../../../src/kernel/`, `'../../kernel/`));
    }
  }

  /** The line that registers a domain: its import, and its name in the list. */
  async register(moduleName: string, path: string): Promise<void> {
    const file = join(this.folder, 'src', 'domains', 'enabled.ts');
    const text = await readFile(file, 'utf8');
    const imported = text.replace(/^/, `import { ${moduleName} } from '${path}';\n`);
    const listed = imported.replace(/(export const domains = \[[^\]]*?),?\s*\]/, `$1, ${moduleName}]`);
    if (listed === imported) throw new Error('enabled.ts has no list of domains any more');
    await writeFile(file, listed);
  }

  /** What differs from what was copied: `+` added, `-` gone, `~` changed. */
  async changes(): Promise<string[]> {
    const { before } = this;
    const after = await textsOf(this.folder);
    const paths = [...new Set([...before.keys(), ...after.keys()])];
    return paths
      .filter((path) => before.get(path) !== after.get(path))
      .map((path) => `${before.has(path) ? (after.has(path) ? '~' : '-') : '+'} ${path}`)
      .sort();
  }

  /** Lines of one file that were not in it when it was copied. */
  async newLines(path: string): Promise<string[]> {
    const before = this.before.get(path)?.split('\n') ?? [];
    return (await readFile(join(this.folder, path), 'latin1')).split('\n').filter((line) => !before.includes(line));
  }

  async build(): Promise<void> {
    await Program.run([process.execPath, NEST, 'build'], { cwd: this.folder });
  }

  /** What the rules of the house say. @throws when one of them is broken */
  houseRules(): Promise<string> {
    const command = [process.execPath, DEPCRUISE, '--config', '.dependency-cruiser.cjs', 'src', 'migrations'] as const;
    return Program.run(command, { cwd: this.folder });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Every file below the folder by its path, as one character per byte. */
async function textsOf(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const read = (path: string) => readFile(join(folder, path), 'latin1');
  for (const part of PARTS) found.set(part, await read(part));
  for (const part of FOLDERS) {
    for (const entry of await readdir(join(folder, part), { recursive: true, withFileTypes: true })) {
      const path = relative(folder, join(entry.parentPath, entry.name));
      if (entry.isFile()) found.set(path, await read(path));
    }
  }
  return found;
}
