import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayNotEmpty, IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsTime } from '../../http/validation.js';

/** What may be sent again: everything that is not waiting anyway. */
export const SETTLED_STATES = ['failed', 'dropped', 'delivered'] as const;
export type SettledState = (typeof SETTLED_STATES)[number];

/** Either a time, which makes a plan, or a plan, which is run. */
export class RedeliverRequest {
  @ApiPropertyOptional({ description: 'The `plan` of the answer before: runs it. Nothing beside it' })
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  plan?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Made at this time or later; needed for a plan' })
  @IsOptional()
  @IsTime()
  since?: Date;

  @ApiPropertyOptional({ format: 'date-time', description: 'Made before this time' })
  @IsOptional()
  @IsTime()
  until?: Date;

  @ApiPropertyOptional({ enum: SETTLED_STATES, isArray: true, default: ['failed', 'dropped'] })
  @IsOptional()
  @IsIn(SETTLED_STATES, { each: true, message: `must be some of ${SETTLED_STATES.join(', ')}` })
  @ArrayNotEmpty({ message: 'must not be empty' })
  @IsArray({ message: 'must be a list' })
  status?: SettledState[];
}

/** What a run would send again. */
export class RedeliveryPlanView {
  @ApiProperty({ description: 'Send it back within ten minutes to run it' })
  plan: string;

  @ApiProperty()
  count: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  oldest: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  newest: string | null;
}

export class RedeliveryRunView {
  @ApiProperty({ description: 'Notifications that are on their way again, each under its own id as before' })
  redelivered: number;
}
