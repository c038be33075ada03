import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { PageQuery } from '../http/pagination.js';
import { AsList, IsLabelFilter, MadeWithinQuery, labelsOf } from '../http/query-lists.js';
import { JOB_STATUSES } from './job-status.js';
import type { JobStatus } from './job-status.js';

export class JobsQuery extends MadeWithinQuery {
  @ApiPropertyOptional({ type: [String], description: 'One or more kinds', example: ['diarization'] })
  @IsOptional()
  @AsList()
  @IsString({ each: true })
  kind?: string[];

  @ApiPropertyOptional({ enum: JOB_STATUSES, enumName: 'JobStatus', isArray: true, description: 'One or more states' })
  @IsOptional()
  @AsList()
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
  @IsLabelFilter()
  label?: string[];

  @ApiPropertyOptional({ enum: ['own', 'all'], description: 'all: every team’s, with the scope operate or admin' })
  @IsOptional()
  @IsIn(['own', 'all'])
  team?: 'own' | 'all';

  labels(): Record<string, string> {
    return labelsOf(this.label);
  }
}

export class EventsQuery extends PageQuery {}
