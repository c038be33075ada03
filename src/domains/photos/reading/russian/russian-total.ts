import { findAmounts } from '../extraction/amounts.js';
import { contains } from '../extraction/text-key.js';
import { median } from '../ocr/median.js';
import type { Row } from '../row.js';
import { amountText, russianKey } from './cyrillic.js';

interface Found {
  value: number;
  row: number;
}

export interface RussianAmounts {
  total: { value: number; row: number | null; guessed: boolean } | null;
  cash: Found | null;
  card: Found | null;
  change: Found | null;
  tax: Found | null;
}

const NAMES_TOTAL = [/ит+ог|^и?тог|ито[гr]|^тог/, /коплате|суммачека|оплате/];
/** Points for what else a row with a total says. */
const SIGNS: readonly [sign: RegExp, points: number][] = [
  [/ит+ог(?!.*без)/, 1],
  [/безскид|подытог|подитог|промежут|подитого/, -3],
  [/всего/, -0.5],
  [/ндс|скидк|выгод|бонус|балл|налог|сумман/, -3],
];
const IN_TENDER = 1;
const LEFT_OF_CASH = 1.5;

export function russianAmounts(rows: readonly Row[]): RussianAmounts {
  const keys = rows.map(({ text }) => russianKey(text));
  const amounts = rows.map(({ text }) => findAmounts(amountText(text)).map(({ value }) => value));
  const find = (sign: RegExp): Found | null => {
    const row = keys.findIndex((key, i) => sign.test(key) && (amounts[i]?.length ?? 0) > 0);
    return row < 0 ? null : { value: amounts[row]?.at(-1) ?? 0, row };
  };
  const cash = find(/(?<!без)налич(?!.*сдач)|получено/);
  const card = find(/безнал|платкарт|карт(ой|а)|электрон/);
  const change = find(/сдача/);
  const tax = find(/^(в?т?ч?сумм?а?)?ндс|суммандс|втчндс/);
  const candidates = keys.flatMap((key, index) => candidate(key, index, rows, amounts));
  const paid = cash && change ? cash.value - change.value : null;
  for (const one of candidates) {
    if (one.value === paid) one.score += LEFT_OF_CASH;
    if (one.value === cash?.value || one.value === card?.value) one.score += IN_TENDER;
  }
  const [best] = candidates.sort((a, b) => b.score - a.score);
  const total = best && best.score > 0 ? { ...best, guessed: false } : fromTender(paid, card ?? cash);
  return { total, cash, card, change, tax };
}

function candidate(key: string, index: number, rows: readonly Row[], amounts: readonly number[][]) {
  const named = NAMES_TOTAL.some((sign) => sign.test(key)) || contains(key, 'всего') || contains(key, 'итого');
  if (!named) return [];
  const own = amounts[index]?.at(-1);
  const value = own ?? amounts[index + 1]?.[0];
  if (value === undefined || value <= 0) return [];
  const points = SIGNS.reduce((sum, [sign, worth]) => sum + (sign.test(key) ? worth : 0), 3);
  const tall = (rows[index]?.height ?? 0) / (median(rows.map(({ height }) => height)) || 1) - 1;
  return [{ value, row: own === undefined ? index + 1 : index, score: points + Math.min(1, Math.max(0, tall)) }];
}

function fromTender(paid: number | null, tendered: Found | null): RussianAmounts['total'] {
  if (paid !== null && paid > 0) return { value: paid, row: null, guessed: false };
  return tendered ? { ...tendered, guessed: true } : null;
}
