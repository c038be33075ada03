import { Injectable } from '@nestjs/common';
import type { Change } from '../../kernel/jobs/change.js';
import type { Asking, JobProvider, ProviderJob } from '../../kernel/jobs/provider.js';
import { NotNow, Refused, Unavailable } from '../../kernel/jobs/provider-errors.js';
import { JobPhotos } from './photo-source.js';
import { PhotoWorkshop } from './photo-workshop.js';
import { PhotosEnv } from './photos.env.js';
import { PhotosMetrics } from './photos.metrics.js';
import { receipt, STUB } from './receipt.kind.js';
import { ReceiptPictures } from './receipt-pictures.js';
import { receiptResult } from './receipt.result.js';
import type { PhotoWork } from './pipeline/photo-tasks.js';
import type { Reading } from './reading/reading.js';
import { stubReading } from './stub-reader.js';

/** What went wrong on our side (no room, no database) is tried this often in all. */
const TRIES = 4;

/** Reads photos in this very process: the submit is the work, and its answer the result. There is nobody to ask later. */
@Injectable()
export class PhotosProvider implements JobProvider {
  readonly name = 'photos';
  readonly kinds = [receipt];
  readonly submitsAtOnce: number;

  constructor(
    private readonly photos: JobPhotos,
    private readonly workshop: PhotoWorkshop,
    private readonly pictures: ReceiptPictures,
    private readonly metrics: PhotosMetrics,
    env: PhotosEnv,
  ) {
    this.submitsAtOnce = env.PHOTOS_AT_ONCE;
  }

  missingKeys(): readonly string[] {
    return [];
  }

  async submit(job: ProviderJob, asking: Asking): Promise<Change> {
    try {
      // Before anything is done: a photo that takes the process with it is counted, and given up after two more tries.
      await asking();
      return await this.read(job);
    } catch (error) {
      throw this.sorted(job, error);
    }
  }

  interpret(): Promise<Change | null> {
    return Promise.resolve(null);
  }

  /** Nobody knows more of a photo than its row. */
  check(): Promise<Change | null> {
    return Promise.resolve(null);
  }

  private async read(job: ProviderJob): Promise<Change> {
    const file = await this.photos.of(job);
    const { reader, language, debug } = job.input;
    const isStub = reader === STUB;
    const work = await this.workshop.clean(() => this.photos.bytes(file), {
      debug: debug === true,
      // Whoever reads far away gets it as soon as there is something to read.
      ...(isStub ? { whiten: false } : { read: typeof language === 'string' ? { language } : {} }),
    });
    // Kept while somebody else reads.
    const [pictures, reading] = await Promise.all([
      this.pictures.keep(job, file, work),
      isStub ? stubReading() : readingOf(work),
    ]);
    const result = receiptResult(reading, work, pictures);
    for (const { name, ms } of result.image.stages) this.metrics.stage(name, ms);
    this.metrics.ended(result.isReceipt ? 'read' : 'no_receipt');
    return { to: 'succeeded', result: { ...result } };
  }

  /** Nothing that happens here is unclear: it is refused, or simply done again. */
  private sorted(job: ProviderJob, error: unknown): unknown {
    if (error instanceof Refused) {
      this.metrics.ended('refused');
      return error;
    }
    if (error instanceof NotNow || error instanceof Unavailable) return error;
    const reason = error instanceof Error ? error.message : String(error);
    if (job.attempt < TRIES) return new NotNow(undefined, reason);
    this.metrics.ended('failed');
    return new Refused('photo_failed', `the photo could not be worked on: ${reason}`);
  }
}

/** @throws where the reader failed: it is asked again */
function readingOf({ reading }: PhotoWork<Reading>): { value: Reading; ms: number } {
  if (!reading) throw new Error('the photo was cleaned and not read');
  if (!reading.ok) throw new Error(`the reader failed: ${reading.error}`);
  return reading;
}
