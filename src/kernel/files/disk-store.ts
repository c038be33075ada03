import { constants } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { EnvironmentError } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import type { ByteRange } from './byte-range.js';
import { FileStore } from './file-store.js';
import type { Draft, Entry } from './file-store.js';
import { FilesEnv } from './files.env.js';
import { syncFolder } from './sync-folder.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DRAFT = /^[0-9a-f-]{36}\.part$/;

/** Under a name of its own until all bytes are there. */
class DiskDraft implements Draft {
  private position = 0;

  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    private readonly folder: string,
    private readonly id: string,
    private readonly ended: () => void,
  ) {}

  async write(chunk: Uint8Array): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await this.handle.write(chunk, done, chunk.length - done, this.position);
      done += bytesWritten;
      this.position += bytesWritten;
    }
  }

  async keep(): Promise<void> {
    await this.handle.sync();
    await this.handle.close();
    await rename(this.path, join(this.folder, this.id));
    await syncFolder(this.folder);
    this.ended();
  }

  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await rm(this.path, { force: true }).catch(() => undefined);
    this.ended();
  }
}

/** A folder: the only place that touches the disk for files. */
@Injectable()
export class DiskStore extends FileStore implements OnModuleInit {
  private readonly folder: string;
  /** Uploads of this process; what else looks like one belongs to another process, or to one that died. */
  private readonly drafts = new Set<string>();

  constructor(env: FilesEnv, service: ServiceEnv) {
    super();
    this.folder = resolve(env.FILES_DIR || join(service.SIGNALBOX_HOME, 'files'));
  }

  /** @throws {EnvironmentError} when the folder cannot be made or written to */
  async onModuleInit(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await access(this.folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new EnvironmentError([`FILES_DIR: ${this.folder} cannot be written (${code}); give it to this user`]);
    }
  }

  async draft(id: string): Promise<Draft> {
    const name = `${id}.part`;
    const path = join(this.folder, name);
    this.drafts.add(name);
    try {
      return new DiskDraft(await open(path, 'wx', 0o600), path, this.folder, id, () => this.drafts.delete(name));
    } catch (error) {
      this.drafts.delete(name);
      throw error;
    }
  }

  async read(id: string, range?: ByteRange): Promise<ReadStream | null> {
    const handle = await this.openFile(id);
    return handle && handle.createReadStream(range ?? {});
  }

  async head(id: string, length: number): Promise<Buffer | null> {
    const handle = await this.openFile(id);
    if (!handle) return null;
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.folder, name), { force: true });
  }

  async entries(): Promise<Entry[]> {
    return (await readdir(this.folder)).flatMap((name): Entry[] => {
      if (UUID.test(name)) return [{ name, id: name }];
      return DRAFT.test(name) && !this.drafts.has(name) ? [{ name, id: null }] : [];
    });
  }

  async measure(name: string): Promise<{ size: number; ageMs: number } | null> {
    const found = await stat(join(this.folder, name)).catch(() => null);
    return found && { size: found.size, ageMs: Date.now() - found.mtimeMs };
  }

  private async openFile(id: string): Promise<FileHandle | null> {
    try {
      return await open(join(this.folder, id), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }
}
