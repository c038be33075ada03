import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayNotEmpty, IsArray, IsIn, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { IsTime } from '../http/validation.js';
import { OUTCOMES } from './delivery.entity.js';
import type { Outcome } from './delivery.entity.js';

export class ReplayRequest {
  @ApiPropertyOptional({
    description: 'Why; kept with the delivery and in the audit log',
    example: 'its job turned up',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  reason?: string;
}

/** Either a filter, which makes a plan, or a plan, which is run. */
export class BulkReplayRequest extends ReplayRequest {
  @ApiPropertyOptional({ description: 'The `plan` of the answer before: runs it. Nothing beside it but `reason`' })
  @IsOptional()
  @IsString()
  @MaxLength(8_000)
  plan?: string;

  @ApiPropertyOptional({ enum: OUTCOMES, isArray: true, example: ['dead'], description: 'Closed as one of these' })
  @IsOptional()
  @IsIn(OUTCOMES, { each: true, message: `must be some of ${OUTCOMES.join(', ')}` })
  @ArrayNotEmpty({ message: 'must not be empty' })
  @IsArray({ message: 'must be a list' })
  outcome?: Outcome[];

  @ApiPropertyOptional({ example: 'pyannote', description: 'Came to this source' })
  @IsOptional()
  @IsString()
  source?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Of this job' })
  @IsOptional()
  @IsUUID(undefined, { message: 'must be a job’s id' })
  job?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Received at this time or later; needed, and 90 days ago at most',
  })
  @IsOptional()
  @IsTime()
  after?: Date;

  @ApiPropertyOptional({ format: 'date-time', description: 'Received before this time' })
  @IsOptional()
  @IsTime()
  before?: Date;
}
