import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { PageQuery } from '../../../kernel/http/pagination.js';
import type { ModelType } from './model.entity.js';

const TYPES: readonly ModelType[] = ['portrait', 'style'];

export class ModelsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: TYPES })
  @IsOptional()
  @IsIn(TYPES, { message: `must be one of ${TYPES.join(', ')}` })
  type?: ModelType;

  @ApiPropertyOptional({ description: 'Its full name', example: 'fal-ai/flux-lora-portrait-trainer' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  trainer?: string;

  @ApiPropertyOptional({ description: 'The exact word', example: 'ohwx' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  triggerWord?: string;

  @ApiPropertyOptional({ description: 'Only what this training made', format: 'uuid' })
  @IsOptional()
  @IsUUID()
  job?: string;
}
