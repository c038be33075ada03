import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, IsUUID, Matches } from 'class-validator';
import { PageQuery } from '../http/pagination.js';
import { IsTime } from '../http/validation.js';
import { JOB_STATUSES } from './job-status.js';
import type { JobStatus } from './job-status.js';

/** `?status=a,b` and `?status=a&status=b` mean the same. */
const asList = ({ value }: { value: unknown }): unknown =>
  (Array.isArray(value) ? value : [value]).flatMap((part: unknown) =>
    typeof part === 'string' ? part.split(',') : [part],
  );

export class JobsQuery extends PageQuery {
  @ApiPropertyOptional({ type: [String], description: 'One or more kinds', example: ['diarization'] })
  @IsOptional()
  @Transform(asList)
  @IsString({ each: true })
  kind?: string[];

  @ApiPropertyOptional({ enum: JOB_STATUSES, enumName: 'JobStatus', isArray: true, description: 'One or more states' })
  @IsOptional()
  @Transform(asList)
  @IsIn(JOB_STATUSES, { each: true, message: `must be one of ${JOB_STATUSES.join(', ')}` })
  status?: JobStatus[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Only the jobs of this batch' })
  @IsOptional()
  @IsUUID('all', { message: 'must be the id of a batch' })
  batch?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'name:value, all must match',
    example: ['meeting:weekly-2026-47'],
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value : [value]) as unknown[])
  @Matches(/^[^:]{1,64}:/, { each: true, message: 'must look like name:value' })
  label?: string[];

  @ApiPropertyOptional({ format: 'date-time', description: 'Made at this time or later' })
  @IsOptional()
  @IsTime()
  createdAfter?: Date;

  @ApiPropertyOptional({ format: 'date-time', description: 'Made before this time' })
  @IsOptional()
  @IsTime()
  createdBefore?: Date;

  @ApiPropertyOptional({ enum: ['own', 'all'], description: 'all: every team’s, with the scope operate or admin' })
  @IsOptional()
  @IsIn(['own', 'all'])
  team?: 'own' | 'all';

  labels(): Record<string, string> {
    return Object.fromEntries(
      (this.label ?? []).map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]),
    );
  }
}

export class EventsQuery extends PageQuery {}
