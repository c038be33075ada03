import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { PageQuery } from '../http/pagination.js';
import { IsTime } from '../http/validation.js';
import { OUTCOMES } from './delivery.entity.js';

const SHOWN_OUTCOMES = ['open', ...OUTCOMES] as const;

export class DeliveriesQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only those of this job' })
  @IsOptional()
  @IsUUID(undefined, { message: 'must be a job’s id' })
  job?: string;

  @ApiPropertyOptional({ example: 'pyannote' })
  @IsOptional()
  @IsString()
  source?: string;

  @ApiPropertyOptional({ enum: SHOWN_OUTCOMES, description: 'open: pending or waiting' })
  @IsOptional()
  @IsIn(SHOWN_OUTCOMES, { message: `must be one of ${SHOWN_OUTCOMES.join(', ')}` })
  outcome?: (typeof SHOWN_OUTCOMES)[number];

  @ApiPropertyOptional({ format: 'date-time', description: 'Received at this time or later' })
  @IsOptional()
  @IsTime()
  after?: Date;

  @ApiPropertyOptional({ format: 'date-time', description: 'Received before this time' })
  @IsOptional()
  @IsTime()
  before?: Date;
}

export class RefusalsQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'wrong_signature' })
  @IsOptional()
  @IsString()
  reason?: string;
}
