import { findDates } from '../../src/domains/photos/reading/extraction/dates.js';
import { editDistance } from '../../src/domains/photos/reading/extraction/text-key.js';
import type { Reading } from '../../src/domains/photos/reading/reading.js';
import type { ReceiptKey } from './keys.js';

export const COMPARED = ['total', 'date', 'merchant', 'address'] as const;
export type ComparedField = (typeof COMPARED)[number];

export interface Comparison {
  field: ComparedField;
  right: boolean;
  /** At least nine tenths alike; texts only. */
  near: boolean;
  read: string | null;
  expected: string;
}

const NEAR = 0.9;

/** One reading against its key. Texts: without case, spaces and punctuation; dates as ISO; totals as numbers. */
export function compare(reading: Reading, key: ReceiptKey): Comparison[] {
  const { total, date, address, company: merchant } = key;
  const expected = { total, date, merchant, address };
  return COMPARED.flatMap((field) => {
    const wanted = expected[field];
    return wanted === undefined ? [] : [compared(field, reading.fields[field]?.value ?? null, wanted)];
  });
}

function compared(field: ComparedField, read: string | null, expected: string): Comparison {
  const alike = read === null ? 0 : LIKENESS[field](read, expected);
  return { field, right: alike === 1, near: alike >= NEAR, read, expected };
}

const LIKENESS: Readonly<Record<ComparedField, (read: string, expected: string) => number>> = {
  total: (read, expected) => (toNumber(read) === toNumber(expected) ? 1 : 0),
  date: (read, expected) => (read === findDates(expected)[0]?.iso ? 1 : 0),
  merchant: similarity,
  address: similarity,
};

const toNumber = (text: string) => Math.round(Number(text.replace(/[^\d.-]/g, '')) * 100);
const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** One less the edit distance as a share of the longer text. */
export function similarity(a: string, b: string): number {
  const [one, other] = [bare(a), bare(b)];
  return 1 - editDistance(one, other) / Math.max(one.length, other.length, 1);
}
