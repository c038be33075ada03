import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { atMost } from '../at-most.js';
import { type FileStore, pathOf } from './file-store.js';
import { fromFile } from './outputs/content.js';

const LARGEST = 1024 ** 3;

export interface Part {
  partNumber: number;
  etag: string;
}

interface Upload {
  token: string;
  signature: string;
  name: string;
  type: string;
  parts: Map<number, { etag: string; path: string }>;
}

/** Files on their way up, on disk; a file is served only once all of it has arrived. */
export class Uploads {
  private readonly uploads = new Map<string, Upload>();

  constructor(
    private readonly folder: string,
    private readonly files: FileStore,
  ) {}

  begin(name: string, type: string): { token: string; signature: string; path: string } {
    const token = randomUUID();
    const signature = randomBytes(8).toString('hex');
    this.uploads.set(token, { token, signature, name, type, parts: new Map() });
    return { token, signature, path: pathOf(token, name) };
  }

  /** The address is the permission, its query included. */
  get(token: string, signature: unknown): Upload | undefined {
    const upload = this.uploads.get(token);
    return upload?.signature === signature ? upload : undefined;
  }

  async whole(upload: Upload, bytes: Readable): Promise<void> {
    const { path, size } = await this.write(bytes);
    this.serve(upload, path, size);
  }

  async part(upload: Upload, partNumber: number, bytes: Readable): Promise<Part> {
    const { path, etag } = await this.write(bytes);
    upload.parts.set(partNumber, { etag, path });
    return { partNumber, etag };
  }

  /** False when a part was never sent, or other bytes than those named. */
  async complete(upload: Upload, parts: readonly Part[]): Promise<boolean> {
    const found = parts.map(({ partNumber, etag }) => {
      const part = upload.parts.get(partNumber);
      return part?.etag === etag ? part.path : undefined;
    });
    const paths = found.filter((path) => path !== undefined);
    if (parts.length === 0 || paths.length < parts.length) return false;
    const { path, size } = await this.write(Readable.from(inOrder(paths)));
    await Promise.all(paths.map((part) => rm(part, { force: true })));
    this.serve(upload, path, size);
    return true;
  }

  private serve({ token, name, type }: Upload, path: string, size: number): void {
    this.files.add({ name, type, content: fromFile(path, size) }, token);
  }

  private async write(bytes: Readable): Promise<{ path: string; size: number; etag: string }> {
    const path = join(this.folder, randomUUID());
    const hash = createHash('sha256');
    const counter = new PassThrough().on('data', (chunk: Buffer) => hash.update(chunk));
    const file = createWriteStream(path);
    try {
      await pipeline(bytes, atMost(LARGEST), counter, file);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, size: file.bytesWritten, etag: `"${hash.digest('hex').slice(0, 32)}"` };
  }
}

async function* inOrder(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) yield* createReadStream(path) as AsyncIterable<Buffer>;
}
