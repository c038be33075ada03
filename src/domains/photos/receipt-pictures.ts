import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { FilesService } from '../../kernel/files/files.service.js';
import type { StoredFile } from '../../kernel/files/stored-file.entity.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { PhotoWorkshop } from './photo-workshop.js';
import { PhotosEnv } from './photos.env.js';
import type { PhotoWork } from './pipeline/photo-tasks.js';

/** Name of a picture → the file that it lies in. */
export type Pictures = Record<string, string>;

/** Keeps what the stages made of a photo: as files that expire by themselves, whatever becomes of the job. */
@Injectable()
export class ReceiptPictures {
  constructor(
    private readonly files: FilesService,
    private readonly workshop: PhotoWorkshop,
    private readonly env: PhotosEnv,
    private readonly pace: Pace,
  ) {}

  async keep(job: ProviderJob, original: StoredFile, work: PhotoWork): Promise<Pictures> {
    const made = [
      ['straightened', work.straightened],
      ['whitened', work.whitened ?? (await this.workshop.whiten(work.straightened.data))],
      ...(work.debugImages ?? []).map(({ name, image }) => [name, image] as const),
    ] as const;
    const pictures: Pictures = { original: original.id };
    for (const [name, { data }] of made) {
      const file = await this.files.keepResult({
        teamId: job.teamId,
        name: `receipt_${job.id}_${name}.jpg`,
        mediaType: 'image/jpeg',
        bytes: Readable.from([Buffer.from(data)]),
        length: data.length,
        livesMs: this.pace.ms(this.env.PHOTOS_PICTURES_TTL * SECOND),
      });
      pictures[name] = file.id;
    }
    return pictures;
  }
}
