import { lettersToDigits } from './cyrillic.js';

const NUMBER = /\d[\d.,:/-]*\d|\d/g;
const AMOUNT = /\d+[.,]\s?\d\d(?!\d)/;
const DATE = /\d\d[./-]\d\d[./-]\d\d(\d\d)?( \d\d:\d\d)?/;

/** The words of one reading with the numbers of another, which reads digits better, where they agree how many there are. */
export function mergeDigits(told: string, numbers: string): string {
  const words = lettersToDigits(told);
  const [own, better] = [words.match(NUMBER) ?? [], numbers.match(NUMBER) ?? []];
  if (own.length === better.length) {
    let next = 0;
    return words.replace(NUMBER, (number) => better[next++] ?? number);
  }
  for (const pattern of [AMOUNT, DATE]) {
    const [found] = pattern.exec(numbers) ?? [];
    if (found && !pattern.test(words)) return `${words} ${found}`;
  }
  return words;
}
