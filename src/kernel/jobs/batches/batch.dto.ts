import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsObject, IsOptional, IsString } from 'class-validator';
import { IsLabels } from '../../http/labels.js';
import { PageQuery } from '../../http/pagination.js';
import { AsGiven } from '../../http/validation.js';
import { JobRequest } from '../job-request.dto.js';

export const MAX_ITEMS = 1_000;

/** What differs from job to job. */
export class BatchItem {
  @ApiPropertyOptional({
    description: 'The address of the file, as the kind’s own route takes it. Either this or `file`',
    example: 'https://files.example.com/meeting-1.wav',
  })
  @Allow()
  url?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The id of an uploaded file. Either this or `url`' })
  @Allow()
  file?: string;

  @ApiPropertyOptional({
    description: 'Beside those of the batch; of two under one name this one counts',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { meeting: '1' },
  })
  @IsLabels()
  labels?: Record<string, string>;
}

/** Many files, one kind, one set of options. Labels, `webhook` and `notifyUrl` hold for every job. */
export class BatchRequest extends JobRequest {
  @ApiProperty({ description: 'What is to be done with every file', example: 'diarization' })
  @IsString()
  kind: string;

  @ApiPropertyOptional({
    description: 'What the kind’s own route takes, without `url`, `file`, `labels`, `webhook` and `notifyUrl`',
    type: 'object',
    additionalProperties: true,
    example: { minSpeakers: 2, maxSpeakers: 4 },
  })
  @IsOptional()
  @AsGiven()
  @IsObject({ message: 'must be an object' })
  options?: Record<string, unknown>;

  @ApiProperty({ type: [BatchItem], minItems: 1, maxItems: MAX_ITEMS })
  // Judged one by one by the kind's own rules, and only once it is known that there are not too many.
  @AsGiven()
  @ArrayMaxSize(MAX_ITEMS, { message: `must be ${MAX_ITEMS} at most` })
  @ArrayNotEmpty({ message: 'must not be empty' })
  @IsArray({ message: 'must be a list' })
  items: unknown[];
}

export class BatchesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['own', 'all'], description: 'all: every team’s, with the scope operate or admin' })
  @IsOptional()
  @IsIn(['own', 'all'])
  team?: 'own' | 'all';
}
