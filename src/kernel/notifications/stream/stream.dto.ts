import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { IsTime } from '../../http/validation.js';

/** `?types=a,b` and `?types=a&types=b` mean the same. */
const asList = ({ value }: { value: unknown }): unknown[] =>
  [value].flat().flatMap((part: unknown) => (typeof part === 'string' ? part.split(',') : [part]));

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
  @Transform(asList)
  @IsString({ each: true })
  types?: string[];

  @ApiPropertyOptional({ type: [String], description: 'Kinds of jobs', example: ['diarization'] })
  @IsOptional()
  @Transform(asList)
  @IsString({ each: true })
  kinds?: string[];

  @ApiPropertyOptional({ type: [String], description: 'name:value, all must match', example: ['room:4'] })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => [value].flat())
  @Matches(/^[^:]{1,64}:/, { each: true, message: 'must look like name:value' })
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
    return Object.fromEntries(
      (this.label ?? []).map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]),
    );
  }
}
