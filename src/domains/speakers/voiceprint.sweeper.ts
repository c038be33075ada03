import { Injectable } from '@nestjs/common';
import { Pace } from '../../kernel/config/pace.js';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { SealingWalk } from '../../kernel/queue/sealing-walk.js';
import type { Sweeper } from '../../kernel/queue/sweep.js';
import { VoiceprintLibrary } from './voiceprint-library.js';

/** While there is a previous master key: seals the library anew under the present one, so that it can be dropped. */
@Injectable()
export class VoiceprintSweeper implements Sweeper {
  readonly name = 'voiceprints';
  private readonly walk: SealingWalk;

  constructor(
    private readonly library: VoiceprintLibrary,
    private readonly logger: AppLogger,
    pace: Pace,
  ) {
    this.walk = new SealingWalk(library, pace);
  }

  sweep(): Promise<number> {
    return this.walk.step(
      (after, most) => this.library.sealedAfter(after, most),
      (row) => this.library.sealAnew(row),
      ({ id }, reason) => this.logger.warn('a voiceprint cannot be sealed anew', { voiceprintId: id, reason }),
    );
  }
}
