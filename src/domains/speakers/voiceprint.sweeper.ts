import { Injectable } from '@nestjs/common';
import { CannotOpen } from '../../kernel/config/aead.js';
import { HOUR, Pace } from '../../kernel/config/pace.js';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { SlowWalk } from '../../kernel/queue/slow-walk.js';
import type { Sweeper } from '../../kernel/queue/sweep.js';
import { VoiceprintLibrary } from './voiceprint-library.js';

const BATCH = 200;

/** While there is a previous master key: seals the library anew under the present one, so that it can be dropped. */
@Injectable()
export class VoiceprintSweeper implements Sweeper {
  readonly name = 'voiceprints';
  private readonly walk: SlowWalk;

  constructor(
    private readonly library: VoiceprintLibrary,
    private readonly logger: AppLogger,
    pace: Pace,
  ) {
    this.walk = new SlowWalk(BATCH, pace.ms(HOUR));
  }

  async sweep(): Promise<number> {
    if (!this.library.isTurning) return 0;
    return this.walk.step(
      (after, most) => this.library.sealedAfter(after, most),
      async (row) => {
        try {
          return await this.library.sealAnew(row);
        } catch (error) {
          if (!(error instanceof CannotOpen)) throw error;
          this.logger.warn('a voiceprint cannot be sealed anew', { voiceprintId: row.id, reason: error.message });
          return false;
        }
      },
    );
  }
}
