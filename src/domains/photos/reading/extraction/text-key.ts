/** Letters and digits alone, in lower case. */
export const plain = (text: string) => text.toLowerCase().replace(/[^a-zа-яё0-9]/g, '');

/** For finding words: the digits that are mistaken for letters count as letters. */
export const wordKey = (text: string) => plain(text).replace(/0/g, 'o').replace(/1/g, 'l');

const LOOK_ALIKES: readonly [RegExp, string][] = [
  [/[il1tfj|!]/g, 'l'],
  [/[o0uqdc]/g, 'o'],
  [/[s5]/g, 's'],
  [/[b8]/g, 'b'],
];

/** Letters that print alike become one: "IUIAL" and "TOTAL" have the same skeleton. */
export function skeleton(text: string): string {
  return LOOK_ALIKES.reduce((key, [alike, one]) => key.replace(alike, one), plain(text));
}

/** How many letters have to be put in, left out or changed. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const LEAST_LETTERS = 5;

/** Whether a word stands in a key; a long word may have one wrong letter. */
export function contains(key: string, word: string): boolean {
  if (key.includes(word)) return true;
  if (word.length < LEAST_LETTERS) return false;
  for (let from = 0; from + word.length - 1 <= key.length; from++) {
    for (const length of [word.length - 1, word.length, word.length + 1]) {
      if (editDistance(key.slice(from, from + length), word) <= 1) return true;
    }
  }
  return false;
}
