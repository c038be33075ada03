import type { ReadingFields } from '../reading.js';

/** Without these a receipt is of no use to anybody. */
const NEEDED: readonly (keyof ReadingFields)[] = ['merchant', 'date', 'total'];
const UNSURE = 0.85;

/** Why a person should look at a reading. */
export function reviewReasons(
  fields: ReadingFields,
  disagreements: readonly string[],
  guessedTotal: boolean,
): string[] {
  const missing = NEEDED.filter((name) => !fields[name]).map((name) => `No ${name} was found.`);
  const unsure = NEEDED.flatMap((name) => {
    const field = fields[name];
    return field && field.confidence < UNSURE ? [`The ${name} was hard to read.`] : [];
  });
  const guessed = guessedTotal ? ['Nothing on the receipt is named the total: it is the greatest amount.'] : [];
  return [...missing, ...unsure, ...guessed, ...disagreements];
}
