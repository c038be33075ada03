import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { AsList, IsLabelFilter, labelsOf } from '../../http/query-lists.js';
import { IsTime } from '../../http/validation.js';

/** For clients that cannot send the header `Last-Event-ID`, which goes before it. */
export class ResumeQuery {
  @ApiPropertyOptional({ description: 'The same as the header `Last-Event-ID`, for clients that cannot send it' })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  lastEventId?: string;
}

export class StreamQuery extends ResumeQuery {
  @ApiPropertyOptional({ type: [String], description: 'Event types, or patterns of them', example: ['*.failed'] })
  @IsOptional()
  @AsList()
  @IsString({ each: true })
  types?: string[];

  @ApiPropertyOptional({ type: [String], description: 'Kinds of jobs', example: ['diarization'] })
  @IsOptional()
  @AsList()
  @IsString({ each: true })
  kinds?: string[];

  @ApiPropertyOptional({ type: [String], description: 'name:value, all must match', example: ['room:4'] })
  @IsLabelFilter()
  label?: string[];

  @ApiPropertyOptional({ enum: ['own', 'all'], description: 'all: every team’s, with the scope operate or admin' })
  @IsOptional()
  @IsIn(['own', 'all'])
  team?: 'own' | 'all';

  @ApiPropertyOptional({ format: 'date-time', description: 'Begin with what happened at this time, instead of now' })
  @IsOptional()
  @IsTime()
  since?: Date;

  labels(): Record<string, string> {
    return labelsOf(this.label);
  }
}
