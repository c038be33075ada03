import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HOUR, Pace } from '../../kernel/config/pace.js';
import { FilesService } from '../../kernel/files/files.service.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { Refused } from '../../kernel/jobs/provider-errors.js';
import { PyannoteClient } from './pyannote.client.js';

/** The vendor keeps media for 24 h; what is not sent off within this time is uploaded again. */
const FRESH = 6 * HOUR;

/** Audio on its way into the vendor's own storage: free, and over before anything is asked for that costs. */
@Injectable()
export class PyannoteUploads {
  /** What this process has uploaded for jobs that were then put off. Forgotten at a restart, which costs an upload. */
  private readonly fresh = new Map<string, { url: string; until: number }>();

  constructor(
    private readonly client: PyannoteClient,
    private readonly files: FilesService,
    private readonly pace: Pace,
  ) {}

  /**
   * The address under which the vendor finds the job's file. Nobody can guess it, and it is used once: whether an upload to
   * the same one replaces the first is not documented. @throws {Refused} when the file is gone, or what the client throws
   */
  async addressOf(job: ProviderJob, fileId: string): Promise<string> {
    const known = this.fresh.get(job.id);
    if (known && known.until > performance.now()) return known.url;
    const file = await this.files.ofTeam(job.teamId, fileId);
    const bytes = file && (await this.files.read(file));
    if (!bytes) throw new Refused('file_gone', 'the uploaded file expired or was deleted before the vendor had it');
    const url = `media://signalbox/${job.id}/${randomUUID()}`;
    try {
      await this.client.upload(await this.client.mediaInput(url), bytes, file.size);
    } finally {
      bytes.destroy();
    }
    this.remember(job.id, url);
    return url;
  }

  /** The job is handed out, or will never be. */
  forget(jobId: string): void {
    this.fresh.delete(jobId);
  }

  private remember(jobId: string, url: string): void {
    const now = performance.now();
    for (const [id, { until }] of this.fresh) if (until <= now) this.fresh.delete(id);
    this.fresh.set(jobId, { url, until: now + this.pace.ms(FRESH) });
  }
}
