import type { Row } from '../row.js';
import { toCyrillic } from './cyrillic.js';

export interface FoundRows {
  text: string;
  rows: number[];
}

const FORMS = String.raw`ООО|000|ОО0|О0О|ЗАО|ЭАО|3АО|ОАО|ПАО|АО|А0|ИП`;
const FIRM = [
  new RegExp(String.raw`(?:^|[^А-Яа-я])((?:${FORMS})\s*[«"'„“”*<][^|0-9]{3,40})`, 'i'),
  new RegExp(String.raw`(?:^|[^А-Яа-я])((?:${FORMS})\s+[А-ЯЁ][^|0-9]{2,40})`),
  /(?:^|[^А-Яа-яё\d])((?:00|ОО|О0|0О)\s?[«"„“][^|0-9]{3,40})/,
  /([А-ЯЁа-яё][А-Яа-яё ]{2,25},\s?ООО)/,
  /((?:Акционерное\s+общ|ОБЩЕСТВО\s+С)[^|]*)/i,
];
const FORM_SHAPES: readonly [RegExp, string][] = [
  [/^[0О]{2,3}(?=\s?[«"„“]|\s)/, 'ООО'],
  [/^(?:ЭАО|3АО)/, 'ЗАО'],
  [/^А0/, 'АО'],
  [/[“”„*«»<>']+/g, '"'],
  // No word has a soft sign before a й.
  [/Ь(?=Й)/g, 'Ы'],
  [/ь(?=й)/g, 'ы'],
  [/[\s",.:;-]*(?:ИНН|КАССИР|Кассир|касса).*$/, ''],
];

export function findFirm(rows: readonly Row[]): FoundRows | null {
  for (const [index, { text }] of rows.entries()) {
    const cyrillic = toCyrillic(text.replace(/^[^\p{L}\d"«]+/u, ''));
    for (const form of FIRM) {
      const found = form.exec(cyrillic)?.[1];
      if (!found) continue;
      const name = FORM_SHAPES.reduce((told, [shape, right]) => told.replace(shape, right), found.trim()).trim();
      return { text: (name.match(/"/g) ?? []).length === 1 && /"./.test(name) ? `${name}"` : name, rows: [index] };
    }
  }
  return null;
}

const ADDRESS_PART = /\d{6}|(?:^|[^а-яё])(?:г|ул|обл|пр-?т|дом|д)[.,\s]/i;
const PLACE = /обл|ул|г\.|город|москва|санкт|пр-т|просп|шоссе|дом|д\.|р-н|край|респ|мкр|пер\./i;
const NOT_ADDRESS = /скид|акци|подарок|сайт|www|налог/i;
const GOES_ON = /^\s*[.,]?\s*(?:ул|д|дом|г|корп|стр|пр|пом|лит|кв)(?:[^а-яё]|$)|^[,.\s]*\d{1,3}\s*$/i;
const MOST_ROWS = 3;

export function findRussianAddress(rows: readonly Row[]): FoundRows | null {
  const first = rows.findIndex(({ text }) => ADDRESS_PART.test(text) && PLACE.test(text) && !NOT_ADDRESS.test(text));
  if (first < 0) return null;
  const found = [first];
  for (let i = first + 1; i < Math.min(first + MOST_ROWS, rows.length) && GOES_ON.test(rows[i]?.text ?? ''); i++) {
    found.push(i);
  }
  const text = found.map((index) => rows[index]?.text ?? '').join(' ');
  return {
    text: text
      .replace(/^\W*адрес\W*/i, '')
      .replace(/\s+/g, ' ')
      .trim(),
    rows: found,
  };
}
