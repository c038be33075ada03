import type { Row } from '../row.js';
import { russianKey, toCyrillic, toDigits } from './cyrillic.js';

export interface FoundNumber {
  value: string;
  row: number;
}

const WEIGHTS_10 = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const WEIGHTS_11 = [7, ...WEIGHTS_10];
const WEIGHTS_12 = [3, ...WEIGHTS_11];

/** The check digits of an ИНН: one of ten for firms, two of twelve for people. */
export function isInn(value: string): boolean {
  const digits = [...value].map(Number);
  const check = (weights: readonly number[]) =>
    (weights.reduce((sum, weight, i) => sum + weight * (digits[i] ?? 0), 0) % 11) % 10;
  if (value.length === 10) return check(WEIGHTS_10) === digits[9] && /[1-9]/.test(value);
  return value.length === 12 && check(WEIGHTS_11) === digits[10] && check(WEIGHTS_12) === digits[11];
}

/** Rows that say ИНН first; then any number that passes the check. */
export function findInn(rows: readonly Row[]): FoundNumber | null {
  const labelled = rows.map(({ text }) => /инн|инh|ihh|nhh/i.test(russianKey(text)) || /[ИN]НН|INN/i.test(text));
  for (const pass of [true, false]) {
    for (const [row, { text }] of rows.entries()) {
      if (pass && !labelled[row]) continue;
      const number = innIn(toDigits(toCyrillic(text)));
      if (number) return { value: number, row };
    }
  }
  return null;
}

function innIn(text: string): string | null {
  for (const [found] of text.matchAll(/(?<!\d)\d{10}(?:\d\d)?(?!\d)/g)) {
    const value = found.length === 12 && found.startsWith('00') ? found.slice(2) : found;
    if (isInn(value)) return value;
  }
  return null;
}

const STORAGE = /(?<!\d)([789]\d{15})(?!\d)/;
const DOCUMENT = /(?:^|[\s:№])(?:Ф[ДАЛ]|ОД|#Д|ЧЕК)\s?[:№#Nо.]*\s?(\d{2,7})(?!\d)/;
const SIGN = /(?:ФПД?|ФЛ|ФI1|ОП)\D{0,4}(\d{8,10})(?!\d)/;

/** ФН: sixteen digits that begin with 7, 8 or 9. */
export const findStorage = (rows: readonly Row[]) => firstMatch(rows, STORAGE);
export const findDocument = (rows: readonly Row[]) => firstMatch(rows, DOCUMENT);
export const findSign = (rows: readonly Row[]) => firstMatch(rows, SIGN);

function firstMatch(rows: readonly Row[], pattern: RegExp): FoundNumber | null {
  for (const [row, { text }] of rows.entries()) {
    const value = pattern.exec(toDigits(toCyrillic(text)))?.[1];
    if (value) return { value, row };
  }
  return null;
}
