import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, Matches } from 'class-validator';
import { PageQuery } from './pagination.js';
import { IsTime } from './validation.js';

/** `?status=a,b` and `?status=a&status=b` mean the same. */
export const AsList = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    [value].flat().flatMap((part: unknown) => (typeof part === 'string' ? part.split(',') : [part])),
  );

/** `?label=name:value`, as often as one likes. */
export const IsLabelFilter = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => [value].flat()),
    Matches(/^[^:]{1,64}:/, { each: true, message: 'must look like name:value' }),
  );

/** What such a filter asks for. */
export function labelsOf(filter: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    filter.map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]),
  );
}

/** A page of what was made in a stretch of time. */
export class MadeWithinQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'date-time', description: 'Made at this time or later' })
  @IsOptional()
  @IsTime()
  createdAfter?: Date;

  @ApiPropertyOptional({ format: 'date-time', description: 'Made before this time' })
  @IsOptional()
  @IsTime()
  createdBefore?: Date;
}
