import { Injectable } from '@nestjs/common';
import { DAY, Pace } from '../../kernel/config/pace.js';
import type { Transaction } from '../../kernel/database/database.js';
import { FilesService } from '../../kernel/files/files.service.js';
import { invalidField } from '../../kernel/http/problem.js';
import type { AudioLimits } from './speaker-kind.js';
import { WAV_HEAD, wavSeconds } from './wav-length.js';

const HOUR = 3_600;
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
  async claim(teamId: string, id: string, most: AudioLimits): Promise<(tx: Transaction) => Promise<void>> {
    const file = await this.files.ofTeam(teamId, id);
    if (file) {
      if (file.size > most.bytes)
        throw invalidField('file', `has ${file.size} bytes; the vendor takes ${most.bytes} at most`);
      const seconds = wavSeconds((await this.files.head(file, WAV_HEAD)) ?? Buffer.alloc(0), file.size) ?? 0;
      if (seconds > most.seconds) {
        const [unit, name] = most.seconds < HOUR ? [1, 's'] : [HOUR, 'h'];
        const lasts = (Math.ceil((seconds / unit) * 10) / 10).toFixed(1);
        const limit = `the vendor takes ${most.seconds / unit} ${name} at most`;
        throw invalidField('file', `lasts ${lasts} ${name} by its header; ${limit}`);
      }
    }
    return async (tx) => {
      if (await this.files.keepAlive(tx, teamId, id, this.pace.ms(KEPT_FOR_JOB))) return;
      throw invalidField('file', 'names no file of yours (any more); upload it with POST /v1/files');
    };
  }
}
