import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';
import { PageQuery } from '../http/pagination.js';
import { IsTime } from '../http/validation.js';
import { DEFAULT_OVERLAP, MAX_OVERLAP } from './key-overlap.js';
import { DEFAULT_SCOPES, SCOPES } from './scopes.js';
import type { Scope } from './scopes.js';

const overlapRule = { message: `must be whole seconds from 0 (at once) to ${MAX_OVERLAP} (30 days)` };

/** A moment that is still to come, or null. What is no moment has its own rule. */
const IsExpiry = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    // Runs after the one below, by which null is no time.
    Transform(({ obj, key, value }: { obj: Record<string, unknown>; key: string; value: unknown }) =>
      obj[key] === null ? null : value,
    ),
    IsTime(),
    ValidateBy({
      name: 'isToCome',
      validator: {
        validate: (time) => !(time instanceof Date && time.getTime() <= Date.now()),
        defaultMessage: () => 'is over already; name a later time',
      },
    }),
  );

export class KeyRequest {
  @ApiProperty({ description: 'The team’s name or id', example: 'radio' })
  @IsString()
  @MaxLength(100)
  team: string;

  @ApiProperty({ description: 'Whose it is, for people', example: 'studio' })
  @IsString()
  @Matches(/^[^\p{C}]{0,99}[^\p{C}\s][^\p{C}]{0,99}$/u, { message: 'must be 1 to 100 visible characters' })
  @MaxLength(100)
  name: string;

  @ApiPropertyOptional({ enum: SCOPES, enumName: 'Scope', isArray: true, default: DEFAULT_SCOPES })
  @IsOptional()
  @IsIn(SCOPES, { each: true, message: `must each be one of ${SCOPES.join(', ')}` })
  @ArrayUnique({ message: 'must not name a scope twice' })
  @ArrayNotEmpty({ message: 'must not be empty: a key without scopes opens nothing' })
  @IsArray({ message: 'must be a list' })
  scopes?: Scope[];

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, description: 'Left out or null: never' })
  @IsExpiry()
  expiresAt?: Date | null;
}

export class RotateRequest {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_OVERLAP,
    default: DEFAULT_OVERLAP,
    description: 'Seconds for which the old key is good beside the new one; 0 ends it at once',
  })
  @IsOptional()
  @IsInt(overlapRule)
  @Min(0, overlapRule)
  @Max(MAX_OVERLAP, overlapRule)
  overlap?: number;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the new key ends; null: never; left out: when the old one was to end',
  })
  @IsExpiry()
  expiresAt?: Date | null;
}

export class KeysQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only those of this team, by name or id', example: 'radio' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  team?: string;
}
