import { oneLine } from './one-line.js';

/** What XML 1.0 allows in no document, not even escaped; the rest of that kind `oneLine` takes away. */
const FORBIDDEN = /[\ufffe\uffff]/g;

/** Text between tags or in an attribute, on one line. */
export function xmlText(text: string): string {
  return oneLine(text)
    .replace(FORBIDDEN, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Letters as people see them, cut to that many; wide ones count twice. What is cut ends with `…`. */
export function shortened(text: string, most: number): string {
  let width = 0;
  let short = '';
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(oneLine(text))) {
    width += WIDE.test(segment) ? 2 : 1;
    if (width > most) return `${short.trimEnd()}…`;
    short += segment;
  }
  return short;
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u;
