import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { atMost, TooLarge } from '../../at-most.js';
import { Deadlines } from '../../deadlines.js';

const LARGEST = 1024 ** 3;
const MOST_ENTRIES = 10_000;
const PATIENCE = 60_000;
const IMAGE = /\.(jpe?g|png|webp|bmp|gif|avif)$/i;
const CAPTION = /\.txt$/i;

export interface Found {
  images: number;
  captions: number;
}

/** Why the archive cannot be trained with, in the vendor's words. */
export class UnusableArchive extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

/** Fetches the archive of a training, as the vendor does when the training starts, and counts what is in it. */
export class Archives {
  private readonly deadlines = new Deadlines();

  constructor(private readonly folder: string) {}

  async look(url: string): Promise<Found> {
    const path = join(this.folder, randomUUID());
    const deadline = this.deadlines.in(PATIENCE);
    try {
      await download(url, path, deadline.signal);
      return await count(path);
    } finally {
      deadline.done();
      await rm(path, { force: true });
    }
  }

  stop(): void {
    this.deadlines.stop();
  }
}

async function download(url: string, path: string, signal: AbortSignal): Promise<void> {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) throw new Error(`answered ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), atMost(LARGEST), createWriteStream(path));
  } catch (error) {
    if (error instanceof TooLarge) throw new UnusableArchive('file_too_large', 'The archive is too large.');
    const message = 'Failed to download the file. Please check if the URL is accessible and try again.';
    throw new UnusableArchive('file_download_error', message);
  }
}

async function count(path: string): Promise<Found> {
  const found = { images: 0, captions: 0 };
  let seen = 0;
  try {
    const zip = await openPromise(path, { lazyEntries: true });
    for await (const { fileName } of zip.eachEntry()) {
      if (++seen > MOST_ENTRIES) throw new Error('too many entries');
      if (IMAGE.test(fileName)) found.images += 1;
      if (CAPTION.test(fileName)) found.captions += 1;
    }
  } catch {
    throw new UnusableArchive('invalid_archive', 'Failed to extract the archive: it is not a valid zip file.');
  }
  return found;
}
