import { Injectable } from '@nestjs/common';
import { DAY, HOUR, Pace } from '../../kernel/config/pace.js';
import type { Transaction } from '../../kernel/database/database.js';
import { FilesService } from '../../kernel/files/files.service.js';
import { invalidField } from '../../kernel/http/problem.js';
import { WAV_HEAD, wavSeconds } from './wav-length.js';

/** What the vendor takes: a GiB, and a day of audio. */
const MAX_BYTES = 1_024 ** 3;
const MAX_SECONDS = 24 * 3_600;
/** A job waits for a week at most until it is sent; its audio waits with it. */
const KEPT_FOR_JOB = 8 * DAY;

/** Audio that was uploaded to us, as the order of a job names it. */
@Injectable()
export class UploadedAudio {
  constructor(
    private readonly files: FilesService,
    private readonly pace: Pace,
  ) {}

  /**
   * Looks at a file of the team before a job is made from it. What it returns is for the job's own transaction: there the
   * file is kept from expiring. @throws a 400 naming `file`, from either
   */
  async claim(teamId: string, id: string): Promise<(tx: Transaction) => Promise<void>> {
    const file = await this.files.ofTeam(teamId, id);
    if (file) {
      if (file.size > MAX_BYTES)
        throw invalidField('file', `has ${file.size} bytes; the vendor takes ${MAX_BYTES} at most`);
      const seconds = wavSeconds((await this.files.head(file, WAV_HEAD)) ?? Buffer.alloc(0), file.size) ?? 0;
      if (seconds > MAX_SECONDS) {
        const hours = ((seconds * 1_000) / HOUR).toFixed(1);
        throw invalidField('file', `lasts ${hours} h by its header; the vendor takes 24 h at most`);
      }
    }
    return async (tx) => {
      if (await this.files.keepAlive(tx, teamId, id, this.pace.ms(KEPT_FOR_JOB))) return;
      throw invalidField('file', 'names no file of yours (any more); upload it with POST /v1/files');
    };
  }
}
