import { findAmounts } from '../extraction/amounts.js';
import { decimal } from '../extraction/money.js';
import { union } from '../ocr/text-box.js';
import type { ReadItem } from '../reading.js';
import type { Row } from '../row.js';
import { amountText, lettersToDigits, russianKey } from './cyrillic.js';

const FOOT = /ит+ог|всего|коплате|подытог|промежут|скидк|налич|ндс/;
const HEAD = /инн|ккт|касс|чек|приход|смена|адрес|место|ооо|зао|дата|сайт/;
/** "2 * 45.90 = 91.80", "45,90 x 2 шт ≡ 91,80"; a cross is often read as two or three. */
const FIGURES =
  /(\d+(?:[.,]\d{1,3})?)\s*(?:шт\.?|кг|л)?\s*(?:[*xх×«]{1,3}|[жЖ]{1,2})\s*(\d+(?:[.,]\d{1,3})?)\s*(?:шт\.?|кг|л)?/i;
/** Nothing in the row but a quantity and what one costs. */
const UNIT_PRICE = new RegExp(`^[^\\p{L}\\d]*${FIGURES.source}[^\\p{L}\\d]*$`, 'iu');

/** "КАРАНДАШ 2 150.00": only the price of one tells that it is no 2,150.00. In hundredths. */
const THOUSAND = 100_000;

interface Taken {
  rows: Row[];
  row: Row;
  value: number;
}

/** Names and figures take turns until the first total; a row may hold both. */
export function russianItems(rows: readonly Row[]): ReadItem[] {
  const foot = rows.findIndex(({ text }) => FOOT.test(russianKey(text)) && findAmounts(text).length > 0);
  const items: Taken[] = [];
  let names: Row[] = [];
  for (const row of rows.slice(0, foot < 0 ? 0 : foot)) {
    const value = amountOf(row);
    const above = names.length === 0 ? items.at(-1) : undefined;
    if (HEAD.test(russianKey(withoutAmounts(row.text)))) names = [];
    else if (value === 0) names.push(row);
    else if (above && figuresOf(row, above.value, UNIT_PRICE)) above.rows.push(row);
    else if (above && figuresOf(row, above.value % THOUSAND, UNIT_PRICE)) {
      above.value %= THOUSAND;
      above.rows.push(row);
    } else {
      items.push({ rows: [...names.slice(-2), row], row, value });
      names = [];
    }
  }
  return items.map(itemOf);
}

/** 0: it has none. "д. 17" is a house, not seventeen kopecks. */
function amountOf({ text }: Row): number {
  const figures = amountText(text);
  const amount = findAmounts(figures).at(-1);
  return amount && /^\s*-?\d/.test(figures.slice(amount.start)) ? amount.value : 0;
}

/** The nought of "180.00" would be the letters of ООО. */
const withoutAmounts = (text: string) => text.replace(/\d+\s?[.,]\s?\d\d(?!\d)/g, ' ');

/** Quantity and price of one, where they make the amount. */
function figuresOf(row: Row, value: number, form = FIGURES): { count: number; price: number } | null {
  const [, left, right] = form.exec(countsRead(row.text)) ?? [];
  const [a, b] = [number(left), number(right)];
  if (a === null || b === null || Math.abs(a * b * 100 - value) > 2) return null;
  const countFirst = Number.isInteger(a) && /[.,]\d\d$/.test(right ?? '');
  return countFirst ? { count: a, price: b } : { count: b, price: a };
}

/** "ЗХ 42.00": a letter before the cross is a digit. */
const countsRead = (text: string) =>
  lettersToDigits(text.replace(/^\s*([ЗБ])(?=\s*[xх×*])/i, (_, letter: string) => (/з/i.test(letter) ? '3' : '6')));

function itemOf({ rows, row, value }: Taken): ReadItem {
  const figures = rows.map((one) => figuresOf(one, value)).find((found) => found !== null);
  const text = rows.slice(0, rows.indexOf(row) + 1).map((one) =>
    one.text
      .replace(FIGURES, (all) => (/[.,]\d/.test(all) ? ' ' : all))
      .replace(/[-–≡=*]?\s*\d+\s?[.,]\s?\d\d\W*\w?\s*$/, '')
      .trim(),
  );
  return {
    text: text
      .filter((part) => /\p{L}{2}/u.test(part))
      .join(' ')
      .replace(/\s+/g, ' '),
    quantity: figures ? String(figures.count) : null,
    unitPrice: figures ? decimal(Math.round(figures.price * 100)) : null,
    amount: decimal(value),
    confidence: Math.min(...rows.map(({ confidence }) => confidence)),
    box: union(rows.flatMap(({ box }) => box ?? [])),
  };
}

const number = (text: string | undefined) => (text ? Number(text.replace(',', '.')) : null);
