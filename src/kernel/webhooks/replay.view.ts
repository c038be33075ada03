import { ApiProperty } from '@nestjs/swagger';
import type { DeliveryReplay } from './delivery-replay.entity.js';
import { OUTCOMES } from './delivery.entity.js';

export class EarlierOutcomeView {
  @ApiProperty({ enum: OUTCOMES, example: 'dead' })
  outcome: string;

  @ApiProperty({ type: String, nullable: true, description: 'Why it had ended like that' })
  detail: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  jobId: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  closedAt: string | null;
}

export class ReplayView {
  @ApiProperty({ example: 1 })
  number: number;

  @ApiProperty({ format: 'date-time' })
  askedAt: string;

  @ApiProperty({ example: 'key:019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })
  actor: string;

  @ApiProperty({ type: String, nullable: true })
  reason: string | null;

  @ApiProperty({ type: EarlierOutcomeView, description: 'What had become of the notice until then' })
  earlier: EarlierOutcomeView;

  @ApiProperty({
    example: 'applied',
    description: 'What it came to after that: the outcome now, or until the next replay',
  })
  outcome: string;
}

export class ReplayPlanView {
  @ApiProperty({ description: 'Send it back as `{"plan": …}` within ten minutes, with the same API key' })
  plan: string;

  @ApiProperty({ description: 'How many deliveries would be replayed' })
  count: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the oldest of them came' })
  oldest: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  newest: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { dead: 12 } })
  byOutcome: Record<string, number>;
}

export class ReplayRunView {
  @ApiProperty({ description: 'How many are worked on again' })
  replayed: number;

  @ApiProperty({ description: 'Of the plan, but open by now, or of another outcome' })
  skipped: number;
}

/** Oldest first; each ended as the next one found it, the last one as the delivery stands now. */
export function replayViews(replays: readonly DeliveryReplay[], outcomeNow: string): ReplayView[] {
  return replays.map(({ number, askedAt, actor, reason, outcome, detail, jobId, closedAt }, i) => ({
    number,
    askedAt: askedAt.toISOString(),
    actor,
    reason,
    earlier: { outcome, detail, jobId, closedAt: closedAt?.toISOString() ?? null },
    outcome: replays[i + 1]?.outcome ?? outcomeNow,
  }));
}
