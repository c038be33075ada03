import { ValidateBy } from 'class-validator';

/** A rule for a variable that says what is wrong, or null; nothing at all is never wrong. */
export const EnvRule = (name: string, fault: (value: string) => string | null): PropertyDecorator =>
  ValidateBy({
    name,
    validator: {
      validate: (value: string) => value === '' || fault(value) === null,
      defaultMessage: (args) => fault(String(args?.value)) ?? 'is not right',
    },
  });
