import type { Field } from '../reading.js';
import type { Row } from '../row.js';

/** What a receipt says that tells its currency; the first that is found anywhere wins. */
const SIGNS: readonly [currency: string, sign: RegExp][] = [
  ['RUB', /₽|\bруб|\bинн\b|итог|кассир/i],
  ['MYR', /\bR[MH]\s?\d|\(R\s?[MH]\)|\bR[MH]\b|\bMYR\b|ringgit/],
  ['SGD', /S\$|\bSGD\b/],
  ['EUR', /€|\bEUR\b/],
  ['GBP', /£|\bGBP\b/],
  ['IDR', /\bRp\s?\d|\bIDR\b/],
  ['THB', /฿|\bTHB\b/],
  ['MYR', /sdn\W*bhd|malaysia|kuala lumpur|selangor|johor/i],
  ['USD', /\$\s?\d|\bUSD\b/],
];

/** Where the month is printed first; everywhere else in the list the day is. */
const MONTH_FIRST = new Set(['USD']);

export function findCurrency(rows: readonly Row[]): Field | null {
  for (const [value, sign] of SIGNS) {
    const row = rows.find(({ text }) => sign.test(text));
    if (row) return { value, confidence: row.confidence, box: row.box };
  }
  return null;
}

/** Null where the currency is not known. */
export const dayComesFirst = (currency: string | undefined) => (currency ? !MONTH_FIRST.has(currency) : null);
