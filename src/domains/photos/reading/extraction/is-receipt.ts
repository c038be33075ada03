import type { Row } from '../row.js';
import { findAmounts } from './amounts.js';
import { findDates } from './dates.js';
import { contains, wordKey } from './text-key.js';

const WORDS = [
  'total',
  'invoice',
  'receipt',
  'cash',
  'change',
  'subtotal',
  'cashier',
  'amount',
  'итог',
  'чек',
  'кассир',
];
const LEAST_ROWS = 4;

/** Why a page is no receipt, in words; null if it is one. */
export function whyNoReceipt(rows: readonly Row[]): string | null {
  if (rows.length === 0) return 'No text was found on the photo.';
  if (rows.length < LEAST_ROWS) return 'There is hardly any text on the photo.';
  const keys = rows.map(({ text }) => wordKey(text));
  const words = WORDS.filter((word) => keys.some((key) => contains(key, word))).length;
  const amounts = rows.filter(({ text }) => findAmounts(text).length > 0).length;
  const dates = rows.filter(({ text }) => findDates(text).length > 0).length;
  const signs = Math.min(3, words) + Math.min(3, amounts) + Math.min(1, dates);
  if (amounts === 0) return 'There are no amounts of money on the photo.';
  return signs >= 3 ? null : 'The text on the photo is not that of a receipt.';
}
