import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsInt, IsOptional } from 'class-validator';
import { IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { IsLabels } from '../../http/labels.js';
import { PageQuery } from '../../http/pagination.js';
import { WEBHOOK } from '../destination.js';

const MAX_PATTERNS = 50;
const DAY_SECONDS = 86_400;

/** Where a team wants to be told, and of what. */
export class EndpointRequest {
  @ApiPropertyOptional({ description: 'Which way', default: WEBHOOK, example: WEBHOOK })
  @IsOptional()
  @IsString()
  destination?: string;

  @ApiProperty({
    description: 'The address, in the words of its destination: of a webhook an https address',
    example: 'https://app.example.com/hooks/signalbox',
  })
  @IsString()
  @MaxLength(2_048)
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: 'must be an address without control characters' })
  url: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Event types (GET /v1/event-types), and patterns of them: `diarization.*`, `*.failed`, `*`',
    default: ['*'],
    example: ['diarization.*', '*.failed'],
  })
  @IsOptional()
  @IsString({ each: true, message: 'must be texts' })
  @ArrayMaxSize(MAX_PATTERNS, { message: `must be ${MAX_PATTERNS} at most` })
  @ArrayNotEmpty({ message: 'must not be empty' })
  @IsArray({ message: 'must be a list' })
  types?: string[];

  @ApiPropertyOptional({
    type: [String],
    description: 'Only of jobs of these kinds; without any, of all',
    example: ['diarization'],
  })
  @IsOptional()
  @IsString({ each: true, message: 'must be texts' })
  @ArrayMaxSize(MAX_PATTERNS, { message: `must be ${MAX_PATTERNS} at most` })
  @IsArray({ message: 'must be a list' })
  kinds?: string[];

  @ApiPropertyOptional({
    description: 'Only of jobs that have all of these labels',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { meeting: 'weekly-2026-47' },
  })
  @IsLabels()
  labels?: Record<string, string>;

  @ApiPropertyOptional({ description: 'For people', example: 'the minutes’ server' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  description?: string;
}

/** What can be changed of an endpoint; what is left out stays. */
export class EndpointChange extends PartialType(
  PickType(EndpointRequest, ['url', 'types', 'kinds', 'labels', 'description'] as const),
) {
  @ApiPropertyOptional({
    description:
      'true: nothing is sent until it is enabled again; what comes meanwhile waits, five days at most. false: all that waits is sent',
  })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  disabled?: boolean;
}

export class RotationRequest {
  @ApiPropertyOptional({
    description: 'For so many seconds the older secrets sign beside the new one; 0 ends them now, 30 days at most',
    default: DAY_SECONDS,
  })
  @IsInt({ message: 'must be whole seconds' })
  @Min(0)
  @Max(30 * DAY_SECONDS)
  overlapSeconds: number = DAY_SECONDS;
}

export class EndpointsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['own', 'all'], description: 'all: every team’s, with the scope operate or admin' })
  @IsOptional()
  @IsIn(['own', 'all'])
  team?: 'own' | 'all';
}
