import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { HOUR, Pace } from '../../kernel/config/pace.js';
import { FilesService } from '../../kernel/files/files.service.js';
import { Problem } from '../../kernel/http/problem.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { Refused } from '../../kernel/jobs/provider-errors.js';
import { FalStorage } from './fal.storage.js';
import type { TrainingInput } from './training-input.js';
import { UploadedArchive } from './uploaded-archive.js';
import { UploadedPhotos } from './uploaded-photos.js';
import { ZipFault } from './zip-inspection.js';
import { zipOf } from './zip-of.js';
import type { ZipPart } from './zip-of.js';

/** The vendor keeps it for a week; what is not sent off within this time is uploaded again. */
const FRESH = 6 * HOUR;

/** Images on their way to the vendor: free, and over before anything is asked for that costs. */
@Injectable()
export class TrainingImages {
  /** What this process has uploaded for jobs that were then put off. Forgotten at a restart, which costs an upload. */
  private readonly fresh = new Map<string, { url: string; until: number }>();

  constructor(
    private readonly files: FilesService,
    private readonly archive: UploadedArchive,
    private readonly photos: UploadedPhotos,
    private readonly storage: FalStorage,
    private readonly pace: Pace,
  ) {}

  /**
   * The address of the zip to be given to the vendor. @throws {Refused} when files are gone or an image turns out to be none,
   * or what the storage throws
   */
  async addressOf(job: ProviderJob): Promise<string> {
    const input = job.input as unknown as TrainingInput;
    if (input.url !== undefined) return input.url;
    const known = this.fresh.get(job.id);
    if (known && known.until > performance.now()) return known.url;
    const { bytes, size } = await this.zip(job.teamId, input).catch((error: unknown) => {
      throw sorted(error);
    });
    const url = await this.storage.upload(bytes, { name: `${job.id}.zip`, mediaType: 'application/zip', size });
    this.remember(job.id, url);
    return url;
  }

  /** The job is handed out, or will never be. */
  forget(jobId: string): void {
    this.fresh.delete(jobId);
  }

  private zip(teamId: string, { file, files, captions }: TrainingInput): Promise<{ bytes: Readable; size: number }> {
    return file === undefined ? this.built(teamId, files ?? [], captions ?? {}) : this.uploaded(teamId, file);
  }

  private async uploaded(teamId: string, id: string): Promise<{ bytes: Readable; size: number }> {
    const file = await this.files.ofTeam(teamId, id);
    if (!file) throw gone();
    await this.archive.look(file, 'all');
    const bytes = await this.files.read(file);
    if (!bytes) throw gone();
    return { bytes, size: file.size };
  }

  private async built(teamId: string, ids: readonly string[], texts: Record<string, string>) {
    const { photos, captions, missing } = await this.photos.look(teamId, ids, texts, 'all');
    if (missing.length > 0) throw gone();
    const open = async (file: (typeof photos)[number]['file']) => {
      const bytes = await this.files.read(file);
      if (!bytes) throw gone();
      return bytes;
    };
    const written = captions.map(({ name, text }) => ({ name, bytes: Buffer.from(text) }));
    const parts: ZipPart[] = [
      ...photos.map(({ name, file }) => ({ name, size: file.size, open: () => open(file) })),
      ...written.map(({ name, bytes }) => ({
        name,
        size: bytes.length,
        open: () => Promise.resolve(Readable.from([bytes])),
      })),
    ];
    return zipOf(parts);
  }

  private remember(jobId: string, url: string): void {
    const now = performance.now();
    for (const [id, { until }] of this.fresh) if (until <= now) this.fresh.delete(id);
    this.fresh.set(jobId, { url, until: now + this.pace.ms(FRESH) });
  }
}

const gone = () =>
  new Refused('file_gone', 'an uploaded file of the images expired or was deleted before the vendor had it');

/** What a request would have been answered with a 400 for, seen too late for that. */
function sorted(error: unknown): unknown {
  if (error instanceof ZipFault) return new Refused('invalid_images', `the zip ${error.message}`);
  return error instanceof Problem ? new Refused('invalid_images', error.detail) : error;
}
