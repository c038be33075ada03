import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { FilesService } from '../../kernel/files/files.service.js';
import type { StoredFile } from '../../kernel/files/stored-file.entity.js';
import { FetchFailed } from '../../kernel/http/guarded-fetch.errors.js';
import { GuardedFetch } from '../../kernel/http/guarded-fetch.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { NotNow, Refused } from '../../kernel/jobs/provider-errors.js';
import { PhotosEnv } from './photos.env.js';
import { PhotosMetrics } from './photos.metrics.js';
import { PHOTO_LIMITS } from './pipeline/photo-limits.js';

const FETCH_MS = 20_000;
const IDLE_MS = 10_000;
const REDIRECTS = 3;
/** How often an address is tried that does not answer. */
const TRIES = 3;
const NEXT_TRY_MS = 5_000;
/** What may be otherwise a moment later. */
const PASSING = new Set(['dns', 'connect', 'timeout', 'closed']);

/** The photo of a job, as a file: the one that was uploaded, or what lies at its address. */
@Injectable()
export class JobPhotos {
  constructor(
    private readonly files: FilesService,
    private readonly fetch: GuardedFetch,
    private readonly env: PhotosEnv,
    private readonly metrics: PhotosMetrics,
    private readonly pace: Pace,
  ) {}

  /** @throws {Refused} for a file that is gone, for an address that is none of ours to fetch; {NotNow} */
  async of(job: ProviderJob): Promise<StoredFile> {
    const { file, url } = job.input;
    if (typeof url === 'string') return this.fetched(job, url);
    const found = typeof file === 'string' ? await this.files.ofTeam(job.teamId, file) : null;
    if (!found) throw gone();
    if (found.size > PHOTO_LIMITS.bytes) throw new Refused('photo_too_large', 'The file has more than 25 MiB.');
    return found;
  }

  /** @throws {Refused} when the bytes are not there any more */
  async bytes(file: StoredFile): Promise<Buffer> {
    const stream = await this.files.read(file);
    if (!stream) throw gone();
    return Buffer.concat((await stream.toArray()) as Buffer[]);
  }

  /** Kept like what was uploaded, so that the photo can be looked at beside what was read of it. */
  private async fetched(job: ProviderJob, url: string): Promise<StoredFile> {
    const start = performance.now();
    try {
      const asked = { timeoutMs: FETCH_MS, idleMs: IDLE_MS, maxBytes: PHOTO_LIMITS.bytes, redirects: REDIRECTS };
      const answer = await this.fetch.download(url, asked);
      if (answer.status !== 200) {
        answer.close();
        throw this.unreachable(job, `The address answered ${answer.status}.`, answer.status >= 500);
      }
      return await this.files.keepResult({
        teamId: job.teamId,
        name: new URL(answer.url).pathname.split('/').pop() ?? '',
        mediaType: answer.headers['content-type'],
        bytes: answer.bytes,
        livesMs: this.pace.ms(this.env.PHOTOS_PICTURES_TTL * SECOND),
      });
    } catch (error) {
      if (!(error instanceof FetchFailed)) throw error;
      if (error.reason === 'too_large') throw new Refused('photo_too_large', 'The photo has more than 25 MiB.');
      throw this.unreachable(job, `The photo could not be fetched: ${error.message}.`, PASSING.has(error.reason));
    } finally {
      this.metrics.stage('fetch', performance.now() - start);
    }
  }

  private unreachable({ attempt }: ProviderJob, detail: string, mayPass: boolean): Error {
    if (mayPass && attempt < TRIES) return new NotNow(this.pace.ms(NEXT_TRY_MS), detail);
    return new Refused('photo_unreachable', detail);
  }
}

const gone = () => new Refused('file_gone', 'the photo expired or was deleted before it was read');
