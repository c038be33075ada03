import type { Row } from '../row.js';

/** An amount of money in a row: its value in hundredths, and where its text begins and ends. */
export interface Amount {
  value: number;
  start: number;
  end: number;
}

const MOST = 1e9;
const AMOUNT = /(?<![\d.,\-/:])(-\s?)?(\d{1,3}(?:[ ,]\d{3})+|\d+)?\s?[.,]\s?(\d{2})(?!\d)/g;

/** Every amount with two decimals, with the letters that are mistaken for digits put right. */
export function findAmounts(text: string): Amount[] {
  const straight = straightened(text);
  return [...straight.matchAll(AMOUNT)].flatMap((found): Amount[] => {
    const [all, minus, whole, part] = found;
    if (whole === undefined && /[\dA-Za-z]/.test(straight[found.index - 1] ?? ' ')) return [];
    const value = Number(`${(whole ?? '0').replace(/[ ,]/g, '')}${part}`);
    if (value >= MOST) return [];
    return [{ value: minus ? -value : value, start: found.index, end: found.index + all.length }];
  });
}

/** Of the same length as the text, so that places stay true. */
function straightened(text: string): string {
  return text
    .replace(/(?<=[\d.,])[oO](?=[\d.,]|\b)/g, '0')
    .replace(/\b[sS](?=\d*\.\d\d)/g, '5')
    .replace(/(?<=\d)~(?=\d)/g, '.');
}

export const amountsOf = (rows: readonly Row[]) => rows.map(({ text }) => findAmounts(text));
