import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, link as hardLink, mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Program } from '../fifth-vendor/program.js';
import { allowed, readDockerfile } from './dockerfile.js';
import type { Stage, Step } from './dockerfile.js';

const root = resolve(__dirname, '../..');

export interface ImageOptions {
  /**
   * True: every `RUN npm …` as it is written. False, for a quick run: what `npm ci` would install is copied from the packages
   * that are installed here, and what `npm run build` would build is the present build.
   */
  whole: boolean;
}

/** The image's steps, done in folders instead of layers: one folder per stage, and what the last one starts. */
export class Image {
  private readonly folders = new Map<string, string>();

  private constructor(
    private readonly base: string,
    readonly stages: readonly Stage[],
    private readonly ignore: string,
    private readonly options: ImageOptions,
  ) {}

  static async make(options: ImageOptions): Promise<Image> {
    const base = await mkdtemp(join(tmpdir(), 'signalbox-image-'));
    await chmod(base, 0o755);
    const stages = readDockerfile(await readFile(join(root, 'docker', 'Dockerfile'), 'utf8'));
    const ignore = await readFile(join(root, 'docker', 'Dockerfile.dockerignore'), 'utf8');
    const image = new Image(base, stages, ignore, options);
    for (const stage of stages) await image.build(stage);
    return image;
  }

  get last(): Stage {
    const stage = this.stages.at(-1);
    if (!stage) throw new Error('the Dockerfile has no stage');
    return stage;
  }

  get app(): string {
    return this.folderOf(this.last.name);
  }

  async remove(): Promise<void> {
    await rm(this.base, { recursive: true, force: true });
  }

  private folderOf(stage: string): string {
    const folder = this.folders.get(stage);
    if (!folder) throw new Error(`there is no stage ${stage} before this one`);
    return folder;
  }

  private async build(stage: Stage): Promise<void> {
    const folder = join(this.base, stage.name);
    await mkdir(folder, { mode: 0o755 });
    this.folders.set(stage.name, folder);
    for (const step of stage.steps) await this.do(folder, step);
  }

  private async do(folder: string, { word, args }: Step): Promise<void> {
    if (word === 'COPY') await this.copy(folder, args);
    if (word === 'RUN' && args.startsWith('npm ')) await this.npm(folder, args);
    if (word === 'RUN' && args.startsWith('rm -rf node_modules/')) {
      for (const path of args.split(' ').slice(2)) await rm(join(folder, path), { recursive: true, force: true });
    }
  }

  private async copy(folder: string, args: string): Promise<void> {
    const words = args.split(' ');
    const from = words[0]?.startsWith('--from=') ? this.folderOf(words.shift()?.slice('--from='.length) ?? '') : root;
    const to = words.pop() ?? '';
    for (const path of words) {
      if (from === root && !allowed(this.ignore, path)) throw new Error(`${path} is not let into the image`);
      const source = from === root ? join(root, path) : join(from, path.replace(/^\/app\//, ''));
      const target = to.endsWith('/') ? join(folder, basename(path)) : join(folder, to);
      const isStage = from !== root && (await stat(source)).isDirectory();
      await (isStage ? link(source, target, true) : cp(source, target, { recursive: true }));
    }
  }

  private async npm(folder: string, args: string): Promise<void> {
    if (this.options.whole) {
      await Program.run(['npm', ...args.split(' ').slice(1)], { cwd: folder });
    } else if (args === 'npm run build') {
      await Program.run([process.execPath, join(root, 'bin', 'signalbox.js'), '--version'], { cwd: root });
      await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    } else if (args.includes('--omit=dev')) {
      await installFromHere(folder);
    }
  }
}

/** Those packages that the lock file does not mark `dev`, as they are installed here. */
async function installFromHere(folder: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const wanted = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)));
  for (const path of wanted) await link(join(root, path), join(folder, path));
}

/** The same files under a second name, which takes no time; of an installed package, packages inside it are on the list themselves. */
async function link(from: string, to: string, whole = false): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!entry.isDirectory()) await hardLink(source, target).catch(() => copyFile(source, target));
    else if (whole || entry.name !== 'node_modules') await link(source, target, whole);
  }
}
