import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type ReadStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { atMost } from '../at-most.js';
import { UnreadableAudio } from '../audio/wav.js';
import type { Timers } from '../timers.js';

const LIVES = 24 * 60 * 60 * 1000;
const LARGEST = 1024 ** 3;

interface Grant {
  media: string;
  method: 'PUT' | 'GET';
}

/** Uploaded recordings, on disk, behind addresses that are themselves the permission. */
export class MediaStore {
  private readonly files = new Map<string, string>();
  private readonly grants = new Map<string, Grant>();

  constructor(
    private readonly folder: string,
    private readonly timers: Timers,
  ) {}

  grant(media: string, method: Grant['method']): string {
    const token = randomUUID();
    this.grants.set(token, { media, method });
    this.timers.after(this.timers.scaled(LIVES), () => this.grants.delete(token));
    return token;
  }

  granted(token: string, method: Grant['method']): string | null {
    const grant = this.grants.get(token);
    return grant?.method === method ? grant.media : null;
  }

  /** The name belongs to the new bytes only once all of them have arrived. */
  async put(media: string, bytes: Readable): Promise<void> {
    const file = join(this.folder, randomUUID());
    try {
      await pipeline(bytes, atMost(LARGEST), createWriteStream(file));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    const before = this.files.get(media);
    this.files.set(media, file);
    if (before !== undefined) await rm(before, { force: true });
    this.timers.after(this.timers.scaled(LIVES), () => void this.forget(media, file));
  }

  async open(media: string): Promise<{ size: number; bytes: ReadStream } | null> {
    const file = this.files.get(media);
    if (file === undefined) return null;
    const { size } = await stat(file);
    return { size, bytes: createReadStream(file) };
  }

  /** For jobs: null for any other kind of address. */
  source = (url: string): Promise<Buffer> | null => {
    if (!url.startsWith('media://')) return null;
    const file = this.files.get(url);
    if (file === undefined) return Promise.reject(new UnreadableAudio('nothing was uploaded under this media address'));
    return readFile(file);
  };

  private async forget(media: string, file: string): Promise<void> {
    if (this.files.get(media) === file) this.files.delete(media);
    await rm(file, { force: true });
  }
}
