import type { Row } from '../row.js';
import { findAmounts } from './amounts.js';
import type { Payment } from './tender.js';
import { totalCandidates, type Labelled } from './total-candidates.js';

/** Where the amount comes from nowhere on the receipt, `row` is null: cash less change. */
export interface ChosenTotal {
  value: number;
  row: number | null;
  /** Nothing named it; it is the greatest amount. */
  guessed: boolean;
}

const FITS_CASH = 1.6;
const NEARLY_FITS_CASH = 0.4;
const ON_THE_PAGE = 3;
const NOWHERE = 1.2;
const MISREAD = 2;
const REPEATED = 0.15;
const MOST_REPEATED = 0.6;
/** Rounding to five sen moves a total by less than this. */
const ROUNDING = 4;

type Candidate = Omit<Labelled, 'row'> & { row: number | null };

export function chooseTotal(rows: readonly Row[], payment: Payment): ChosenTotal | null {
  const amounts = rows.map(({ text }) => findAmounts(text).map(({ value }) => value));
  const all = amounts.flat();
  const labelled: Candidate[] = totalCandidates(rows);
  const paid = payment.cash && payment.change ? payment.cash.value - payment.change.value : null;
  const candidates = [...labelled, ...fromPayment(payment, paid, labelled, amounts)];
  for (const one of candidates) {
    one.score += Math.min(MOST_REPEATED, REPEATED * (all.filter((value) => value === one.value).length - 1));
  }
  const [best, ...rest] = candidates.sort((a, b) => b.score - a.score);
  if (!best || best.score < 0) return greatest(amounts);
  return { ...rounded(best, rest, paid, amounts), guessed: false };
}

/** What was paid says what was due. */
function fromPayment(
  { cash, card, change }: Payment,
  paid: number | null,
  labelled: Candidate[],
  amounts: readonly number[][],
): Candidate[] {
  const found: Candidate[] = [];
  if (card) found.push({ value: card.value, row: card.row, score: 2.4 });
  if (cash) found.push({ value: cash.value, row: cash.row, score: change ? (change.value === 0 ? 2.4 : 0.5) : 1.6 });
  if (paid !== null && paid > 0) {
    for (const one of labelled) {
      const apart = Math.abs(one.value - paid);
      if (misreadDigit(one.value, paid) && rowOf(paid, amounts) !== null) one.score -= MISREAD;
      one.score += apart === 0 ? FITS_CASH : apart <= 5 ? NEARLY_FITS_CASH : 0;
    }
    if (!labelled.some(({ value }) => value === paid)) {
      const row = rowOf(paid, amounts);
      found.push({ value: paid, row, score: row === null ? NOWHERE : ON_THE_PAGE });
    }
  }
  return found;
}

/** 7,938.80 against 7,838.80: one digit was read wrongly. */
function misreadDigit(a: number, b: number): boolean {
  const [one, other] = [String(a), String(b)];
  return one.length === other.length && [...one].filter((digit, i) => digit !== other[i]).length === 1;
}

/** Of two totals that differ by the rounding, the rounded one is due. */
function rounded(
  best: Candidate,
  rest: readonly Candidate[],
  paid: number | null,
  amounts: readonly number[][],
): { value: number; row: number | null } {
  if (best.value % 5 === 0) return best;
  const close = (value: number) => value % 5 === 0 && Math.abs(value - best.value) <= ROUNDING;
  const other = rest.find(({ value, score, row }) => row !== null && score > -1 && close(value));
  if (other) return other;
  if (paid !== null && paid > 0 && close(paid) && rowOf(paid, amounts) !== null) {
    return { value: paid, row: rowOf(paid, amounts) };
  }
  return best;
}

function rowOf(value: number, amounts: readonly number[][]): number | null {
  const row = amounts.findLastIndex((values) => values.includes(value));
  return row < 0 ? null : row;
}

function greatest(amounts: readonly number[][]): ChosenTotal | null {
  const value = Math.max(0, ...amounts.flat());
  return value > 0 ? { value, row: rowOf(value, amounts), guessed: true } : null;
}
