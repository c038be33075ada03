import { ValidationPipe, applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsDate } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { invalidRequest } from './problem.js';
import type { FieldError } from './problem.js';

function pathOf(parent: string, property: string): string {
  if (parent === '') return property;
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}

/** Messages begin with the field's name; only there is it left out. */
function withoutName(message: string, name: string): string {
  return message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
}

function flatten(faults: readonly ValidationError[], parent = ''): FieldError[] {
  return faults.flatMap((fault) => {
    const field = pathOf(parent, fault.property);
    const own = Object.entries(fault.constraints ?? {}).map(([rule, message]) => ({
      field,
      detail: rule === 'whitelistValidation' ? 'unknown field; remove it' : withoutName(message, fault.property),
    }));
    return [...own, ...flatten(fault.children ?? [], field)];
  });
}

/** A field whose names are the caller's own: class-transformer would drop the ones that all objects have (`toString`). */
export const AsGiven = (): PropertyDecorator =>
  Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]);

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** A moment in a query: a UTC day, or a time with its zone. What `Date` would guess (12/11/2025) is refused. */
export const IsTime = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => new Date(typeof value === 'string' && TIME.test(value) ? value : NaN)),
    IsDate({ message: 'must be an ISO 8601 time with its zone, or a day' }),
  );

/** DTOs in, or a 400 that names every wrong field. Unknown fields are refused, so that a typo never goes unnoticed. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    transform: true,
    exceptionFactory: (faults) => invalidRequest(flatten(faults)),
  });
}
