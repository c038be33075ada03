import { availableParallelism } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { SECOND } from '../../kernel/config/pace.js';
import { NotNow, Refused } from '../../kernel/jobs/provider-errors.js';
import type { Jpeg } from './pipeline/jpeg.js';
import type { PdfPages } from './pipeline/pdf-pages.js';
import { PhotoPool } from './pipeline/photo-pool.js';
import type { PhotoOutcome } from './pipeline/photo-pool.js';
import type { PhotoOptions, PhotoWork } from './pipeline/photo-tasks.js';
import { Slots } from './pipeline/slots.js';
import { workerEntry } from './pipeline/photo-worker-entry.js';
import { PhotosEnv } from './photos.env.js';
import { PhotosMetrics } from './photos.metrics.js';
import { holdRuntime } from './reading/ocr/hold-runtime.js';
import type { Reading } from './reading/reading.js';

/** When it is worth asking again while all threads have a line before them. */
const BUSY_MS = 2_000;

/** The threads of this process. They start with the first photo, and end with the process. */
@Injectable()
export class PhotoWorkshop implements OnApplicationShutdown {
  private readonly pool: PhotoPool;
  /** Photos whose bytes are held: a few more than there are threads, so that none of those waits. */
  private readonly held: Slots;
  private readonly threads: number;

  constructor(
    env: PhotosEnv,
    private readonly metrics: PhotosMetrics,
  ) {
    this.threads = env.PHOTOS_WORKERS || Math.min(2, availableParallelism());
    this.held = new Slots(this.threads + 2, Infinity);
    this.pool = new PhotoPool({
      threads: this.threads,
      timeoutMs: env.PHOTOS_TIMEOUT * SECOND,
      worker: {
        ...workerEntry,
        file: join(dirname(workerEntry.file), '..', `receipt-worker${extname(workerEntry.file)}`),
      },
      hold: holdRuntime,
      onEvent: (event) => metrics.poolEvent(event),
    });
    this.tell();
  }

  /** Loads the bytes when a thread is about to be free, and cleans them. @throws {Refused} {NotNow} */
  async clean(bytes: () => Promise<Uint8Array>, options: PhotoOptions): Promise<PhotoWork<Reading>> {
    const asked = performance.now();
    await this.held.take();
    try {
      const photo = await this.single(await bytes());
      const work = await this.run(() => this.pool.run('photo', { bytes: photo, options }));
      const known = work.stages.reduce((sum, { ms }) => sum + ms, 0) + (work.reading?.ms ?? 0);
      this.metrics.stage('thread', Math.max(0, performance.now() - asked - known));
      return work as PhotoWork<Reading>;
    } finally {
      this.held.give();
      this.tell();
    }
  }

  /** What people look at, of what readers read; after the photos that still wait to be read. @throws {Refused} {NotNow} */
  async whiten(straightened: Uint8Array): Promise<Jpeg> {
    await this.held.take();
    try {
      return await this.run(() => this.pool.run('whiten', { bytes: straightened }));
    } finally {
      this.held.give();
    }
  }

  /** The first ten pages of a PDF, each as a photo. */
  pages(bytes: Uint8Array): Promise<PhotoOutcome<PdfPages>> {
    return this.pool.run('pages', { bytes });
  }

  /** Nest calls it once no request is open any more. */
  onApplicationShutdown(): Promise<void> {
    return this.pool.close();
  }

  /** A PDF of one page is the photo on it. */
  private async single(bytes: Uint8Array): Promise<Uint8Array> {
    if (!Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_024)).includes('%PDF-')) return bytes;
    const { count, pages } = await this.run(() => this.pages(bytes));
    if (count === 1 && pages[0]) return pages[0].data;
    throw new Refused('pdf_has_pages', `This PDF has ${count} pages. Send it as a file to POST /v1/receipts.`);
  }

  private async run<T>(work: () => Promise<PhotoOutcome<T>>): Promise<T> {
    const outcome = work();
    this.tell();
    const came = await outcome;
    if (came.ok) return came.value;
    if (came.code === 'photos_busy') throw new NotNow(BUSY_MS, came.detail);
    throw new Refused(came.code, came.detail);
  }

  private tell(): void {
    this.metrics.poolLoad({ threads: this.threads, ...this.pool.load });
  }
}
