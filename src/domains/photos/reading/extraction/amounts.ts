import type { Row } from '../row.js';

/** An amount of money in a row: its value in hundredths, and where its text begins and ends. */
export interface Amount {
  value: number;
  start: number;
  end: number;
}

const MOST = 1e9;
const AMOUNT = /(?<![\d.,\-/:])(-)?(\d{1,3}(?:[ ,]\d{3})+|\d+)?\s?[.,]\s?(\d{2})(?!\d|[./-]\d)/g;

/** Every amount with two decimals, with the letters that are mistaken for digits put right. */
export function findAmounts(text: string): Amount[] {
  const straight = straightened(text);
  return [...straight.matchAll(AMOUNT)].flatMap((found): Amount[] => {
    const [all, minus, whole, part] = found;
    const glued = /[\dA-Za-z]/.test(straight[found.index - 1] ?? ' ') && !/^\s/.test(all);
    if (whole === undefined && glued) return [];
    const value = Number(`${(whole ?? '0').replace(/[ ,]/g, '')}${part}`);
    if (value >= MOST) return [];
    return [{ value: minus ? -value : value, start: found.index, end: found.index + all.length }];
  });
}

/** Of the same length as the text, so that places stay true. */
function straightened(text: string): string {
  return text
    .replace(/(?<![A-Za-z])[\doO]*\d[\doO]*[.,][\doO]{2}(?![A-Za-z\d])/g, (amount) => amount.replace(/[oO]/g, '0'))
    .replace(/(?<=\bR[MH]\s?)[oO](?=[.,])/g, '0')
    .replace(/(?<=\d[.,])[oO]{2}(?!\w)|(?<=\d[.,]\d)[oO](?!\w)/g, (zeros) => '0'.repeat(zeros.length))
    .replace(/\b[sS](?=\d*\.\d\d)/g, '5')
    .replace(/(?<=\d)~(?=\d)/g, '.');
}

export const amountsOf = (rows: readonly Row[]) => rows.map(({ text }) => findAmounts(text));
