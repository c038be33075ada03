import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../http/pagination.js';
import { IsTime } from '../http/validation.js';

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ description: '`key:<id>` or `cli`', example: 'cli' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  actor?: string;

  @ApiPropertyOptional({ example: 'key.rotate' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  action?: string;

  @ApiPropertyOptional({ example: 'job:019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  subject?: string;

  @ApiPropertyOptional({ description: 'The team that it concerns, by name or id', example: 'radio' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  team?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'At this time or later' })
  @IsOptional()
  @IsTime()
  after?: Date;

  @ApiPropertyOptional({ format: 'date-time', description: 'Before this time' })
  @IsOptional()
  @IsTime()
  before?: Date;
}

const state = { type: 'object', additionalProperties: true, nullable: true } as const;

export class AuditView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'date-time' })
  at: Date;

  @ApiProperty({ description: 'Who: `key:<id>` or `cli`', example: 'cli' })
  actor: string;

  @ApiProperty({ description: 'What', example: 'team.limits' })
  action: string;

  @ApiProperty({ description: 'To what', example: 'team:019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })
  subject: string;

  @ApiProperty({ type: String, nullable: true, description: 'The name of the team that it concerns' })
  team: string | null;

  @ApiProperty({ ...state, description: 'What it was, without secrets', example: { openJobs: null } })
  before: unknown;

  @ApiProperty({ ...state, description: 'What it became, without secrets', example: { openJobs: 500 } })
  after: unknown;

  @ApiProperty({ type: String, nullable: true, description: 'Why, where the act asks for it' })
  reason: string | null;
}
