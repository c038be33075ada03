import { applyDecorators } from '@nestjs/common';
import { IsOptional, ValidateBy } from 'class-validator';
import { AsGiven } from './validation.js';

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

/** Your own names for something: what lists and endpoints filter by. */
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
