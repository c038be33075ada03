import { ApiProperty } from '@nestjs/swagger';
import type { Cause } from '../notifications/cause.js';
import type { RecordedEvent } from '../notifications/event.entity.js';

/** One entry of a job's timeline. */
export class JobEventView {
  @ApiProperty({ example: 'diarization.succeeded' })
  type: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What happened' })
  what: Record<string, unknown>;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'Who caused it: `by` is api, submit, notice, check, cancel, sweep, operator or import; with the delivery, key or attempt',
    example: { by: 'notice', delivery: '019aa0b0-8d2f-7c4b-8c1f-6e1d3a7a9b22' },
  })
  cause: Cause;
}

export function jobEventView(event: RecordedEvent): JobEventView {
  return { type: event.type, at: event.at.toISOString(), what: event.what, cause: event.cause };
}
