import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsObject, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { AsGiven } from '../http/validation.js';

export const RESOLUTIONS = ['failed', 'succeeded', 'running', 'queued'] as const;

/** What a person found out about a job that the vendor left unclear. */
export class ResolveRequest {
  @ApiProperty({ enum: RESOLUTIONS, description: 'queued sends it again: sure that the vendor never took it?' })
  @IsIn(RESOLUTIONS, { message: `must be one of ${RESOLUTIONS.join(', ')}` })
  to: (typeof RESOLUTIONS)[number];

  @ApiProperty({ description: 'Why; kept in the audit log', example: 'found in the vendor’s dashboard' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  reason: string;

  @ApiPropertyOptional({ description: 'The vendor’s id of the job; needed for running' })
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'must be 1 to 200 visible ASCII characters' })
  externalId?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Needed for succeeded' })
  @IsOptional()
  @AsGiven()
  @IsObject()
  result?: Record<string, unknown>;
}
