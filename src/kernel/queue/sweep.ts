import { Injectable } from '@nestjs/common';
import { MINUTE, Pace, SECOND } from '../config/pace.js';
import { AppLogger } from '../observability/app-logger.js';
import { Observer } from '../observability/observer.js';
import { Duties } from './duties.js';

export const SWEEP_EVERY = 5 * SECOND;
/** A sweeper that failed looks again after this, however seldom it looks otherwise. */
const AGAIN_AFTER = MINUTE;

/** Something that may have work lying about: looks for what is due and rings for it. Returns how many bells it rang. */
export interface Sweeper {
  name: string;
  /** How often it looks, in unscaled milliseconds; the sweep's own rhythm when absent. */
  every?: number;
  sweep(): Promise<number>;
}

/** The safety net under the doorbell: every 5 s, one process rings for every row that is due. */
@Injectable()
export class Sweep {
  private readonly sweepers: { sweeper: Sweeper; nextAt: number }[] = [];
  private timer: NodeJS.Timeout | null = null;
  private underway: Promise<void> | null = null;

  constructor(
    private readonly duties: Duties,
    private readonly pace: Pace,
    private readonly observer: Observer,
    private readonly logger: AppLogger,
  ) {}

  register(sweeper: Sweeper): void {
    this.sweepers.push({ sweeper, nextAt: 0 });
  }

  start(): void {
    const every = this.pace.ms(SWEEP_EVERY);
    const tick = () => {
      this.underway = this.once().finally(() => {
        this.underway = null;
        if (this.timer) this.timer = setTimeout(tick, every);
      });
    };
    this.timer = setTimeout(tick, 0);
  }

  async stop(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.underway;
    await this.duties.handBack().catch(() => undefined);
  }

  /** One round; errors are logged, the next round comes anyway. */
  async once(): Promise<void> {
    try {
      if (!(await this.duties.take('sweep', this.pace.patience(3 * SWEEP_EVERY)))) return;
    } catch (error) {
      this.logger.warn('sweep skipped: the database did not answer', { error });
      return;
    }
    for (const entry of this.sweepers) {
      const now = performance.now();
      if (now < entry.nextAt) continue;
      entry.nextAt = now + this.pace.ms(entry.sweeper.every ?? 0);
      await this.observer
        .observe({ unit: 'sweep', ids: { sweeper: entry.sweeper.name } }, async () => {
          const rung = await entry.sweeper.sweep();
          return { outcome: rung > 0 ? 'rung' : 'idle', rung };
        })
        .catch(() => {
          entry.nextAt = Math.min(entry.nextAt, now + this.pace.ms(AGAIN_AFTER));
        });
    }
  }
}
