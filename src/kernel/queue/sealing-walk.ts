import { CannotOpen } from '../config/aead.js';
import { HOUR } from '../config/pace.js';
import type { Pace } from '../config/pace.js';
import { SlowWalk } from './slow-walk.js';

const BATCH = 200;

/** While there is a previous master key: seals a table anew under the present one, so that it can be dropped. */
export class SealingWalk {
  private readonly walk: SlowWalk;

  constructor(
    private readonly keys: { readonly isTurning: boolean },
    pace: Pace,
  ) {
    this.walk = new SlowWalk(BATCH, pace.ms(HOUR));
  }

  /** As `SlowWalk.step`; a row that cannot be opened is told of and passed by. */
  async step<R extends { id: string }>(
    read: (after: string, most: number) => Promise<R[]>,
    sealAnew: (row: R) => Promise<boolean>,
    tell: (row: R, reason: string) => void,
  ): Promise<number> {
    if (!this.keys.isTurning) return 0;
    return this.walk.step(read, async (row) => {
      try {
        return await sealAnew(row);
      } catch (error) {
        if (!(error instanceof CannotOpen)) throw error;
        tell(row, error.message);
        return false;
      }
    });
  }
}
