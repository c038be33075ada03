import { randomUUID } from 'node:crypto';
import { access, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { syncFolder } from '../../files/sync-folder.js';

const DRAFT = /^\..+\.part$/;
/** Longer than the largest result takes: whose draft is older died over it. */
const DEAD_AFTER_MS = 24 * 60 * 60 * 1_000;
/** What file systems without hard links say. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** A folder of whole files: each appears under its name when all of it is on disk, and none is ever written over. */
export class ResultsFolder {
  constructor(readonly path: string) {}

  /** Makes it where it is missing, tries whether it can be written, and clears away what a dead process left in it. */
  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o750 });
    const trial = this.draft('trial');
    await (await open(trial, 'wx', 0o640)).close();
    await rm(trial);
    for (const name of await readdir(this.path)) {
      const found = DRAFT.test(name) ? await stat(join(this.path, name)).catch(() => null) : null;
      if (found && Date.now() - found.mtimeMs > DEAD_AFTER_MS) await rm(join(this.path, name), { force: true });
    }
  }

  /** True when it was written, false when it was there already: then it stays as it is. */
  async add(name: string, content: string | Readable): Promise<boolean> {
    // Somebody may have cleared it away.
    await mkdir(this.path, { recursive: true, mode: 0o750 });
    const draft = this.draft(name);
    try {
      const file = await open(draft, 'wx', 0o640);
      try {
        const pieces: Iterable<string> | AsyncIterable<unknown> = typeof content === 'string' ? [content] : content;
        // Each goes on where the one before it ended.
        for await (const piece of pieces) await file.writeFile(piece as string | Uint8Array);
        await file.sync();
      } finally {
        await file.close();
      }
      const isNew = await appear(draft, join(this.path, name));
      await syncFolder(this.path);
      return isNew;
    } finally {
      await rm(draft, { force: true });
    }
  }

  private draft(name: string): string {
    return join(this.path, `.${name}.${randomUUID()}.part`);
  }
}

/** A second name for the same bytes is given or refused in one step; a rename would write over what is there. */
async function appear(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return false;
    await rename(draft, path);
    return true;
  }
}
