import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength, ValidateBy } from 'class-validator';
import { AsGiven } from '../http/validation.js';

const MAX_LABELS = 20;

/** Text to text, few and short: what teams filter by. */
function areLabels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_LABELS &&
    entries.every(
      ([key, text]) => key.length >= 1 && key.length <= 64 && typeof text === 'string' && text.length <= 255,
    )
  );
}

/** Your own names for something: what lists filter by. */
export const IsLabels = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    AsGiven(),
    ValidateBy({
      name: 'labels',
      validator: {
        validate: areLabels,
        defaultMessage: () =>
          `must be an object of at most ${MAX_LABELS} texts: names of 1–64 characters, values of up to 255`,
      },
    }),
  );

/** What every request for a job may say, whatever its kind. */
export class JobRequest {
  @ApiPropertyOptional({
    description: 'Your own names for this job: up to 20 texts of up to 255 characters; the job list filters by them',
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { meeting: 'weekly-2026-47' },
  })
  @IsLabels()
  labels?: Record<string, string>;

  @ApiPropertyOptional({
    description: 'false: the vendor is given no address to call, the job is settled by asking',
    default: true,
  })
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  webhook?: boolean;

  @ApiPropertyOptional({
    description:
      'Told of this job beside the team’s endpoints: a signed webhook, by the team’s default secret (POST /v1/endpoints/default-secret)',
    example: 'https://app.example.com/hooks/signalbox',
  })
  @IsOptional()
  @IsString({ message: 'must be an absolute https address' })
  @MaxLength(2_048)
  notifyUrl?: string;
}
