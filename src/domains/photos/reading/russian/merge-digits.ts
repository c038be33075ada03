import { lettersToDigits } from './cyrillic.js';

const NUMBER = /\d[\d.,:/-]*\d|\d/g;
/** With no letter beside it: Latin eyes see digits in Cyrillic words ("Ka3aHb"). */
const NUMBER_ALONE = /(?<![\p{L}\d])\d(?:[\d.,:/-]*\d)?(?![\p{L}\d])/gu;
const AMOUNT = /\d+[.,]\s?\d\d(?!\d)/;
const DATE = /\d\d[./-]\d\d[./-]\d\d(\d\d)?( \d\d:\d\d)?/;

/** The words of one reading with the numbers of another, which reads digits better, where they agree how many there are. */
export function mergeDigits(told: string, numbers: string): string {
  const words = lettersToDigits(told);
  for (const kind of [NUMBER, NUMBER_ALONE]) {
    const [own, better] = [words.match(kind) ?? [], numbers.match(kind) ?? []];
    if (own.length !== better.length) continue;
    let next = 0;
    return words.replace(kind, (number) => better[next++] ?? number);
  }
  for (const pattern of [AMOUNT, DATE]) {
    const [found] = pattern.exec(numbers) ?? [];
    if (found && !pattern.test(words)) return `${words} ${found}`;
  }
  return words;
}
