import { Injectable } from '@nestjs/common';
import { MINUTE } from '../../kernel/config/pace.js';
import { NoPlace, NotNow } from '../../kernel/jobs/provider-errors.js';
import { Limiter } from '../../kernel/queue/limiter.js';
import type { Limit } from '../../kernel/queue/limiter.js';

/** What the vendor allows a team per minute and endpoint: submits, questions about jobs, addresses to upload to. */
const LIMITS = {
  post: { name: 'pyannote:post', max: 100, windowMs: MINUTE },
  get: { name: 'pyannote:get', max: 300, windowMs: MINUTE },
  media: { name: 'pyannote:media', max: 100, windowMs: MINUTE },
} as const satisfies Record<string, Limit>;

export type Bucket = keyof typeof LIMITS;

/** Our own count of the vendor's limits, and its word when it has told us to wait. */
@Injectable()
export class PyannoteLimits {
  private readonly heldUntil = new Map<Bucket, number>();

  constructor(private readonly limiter: Limiter) {}

  /** Takes one place. @throws {NoPlace} with the milliseconds until one may be free; for media, which not all need, {NotNow} */
  async take(bucket: Bucket): Promise<void> {
    const Full = bucket === 'media' ? NotNow : NoPlace;
    const held = (this.heldUntil.get(bucket) ?? 0) - performance.now();
    if (held > 0) throw new Full(held, 'pyannote told us to wait');
    const wait = await this.limiter.take(LIMITS[bucket]);
    if (wait > 0) throw new Full(wait, `our limit of ${LIMITS[bucket].max} a minute is used up`);
  }

  /** The vendor answered 429: nobody asks again before its time, whichever verb is next. */
  hold(bucket: Bucket, ms: number): void {
    this.heldUntil.set(bucket, Math.max(this.heldUntil.get(bucket) ?? 0, performance.now() + ms));
  }
}
