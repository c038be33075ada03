import { findAmounts } from '../extraction/amounts.js';
import { decimal } from '../extraction/money.js';
import { union } from '../ocr/text-box.js';
import type { ReadItem } from '../reading.js';
import type { Row } from '../row.js';
import { amountText, russianKey } from './cyrillic.js';

const FOOT = /итог|всего|коплате|подытог|промежут|скидк|налич|ндс/;
const HEAD = /инн|ккт|касс|чек|приход|смена|адрес|место|ооо|зао|дата|сайт/;
/** "2 * 45.90 = 91.80", "45,90 x 2 шт ≡ 91,80". */
const FIGURES =
  /(\d+(?:[.,]\d{1,3})?)\s*(?:шт\.?|кг|л)?\s*(?:[*xх×«]|[жЖ]{1,2})\s*(\d+(?:[.,]\d{1,3})?)\s*(?:шт\.?|кг|л)?/i;

/** Names and figures take turns until the first total; a row may hold both. */
export function russianItems(rows: readonly Row[]): ReadItem[] {
  const foot = rows.findIndex(({ text }) => FOOT.test(russianKey(text)) && findAmounts(text).length > 0);
  const items: ReadItem[] = [];
  let names: Row[] = [];
  for (const row of rows.slice(0, foot < 0 ? 0 : foot)) {
    const key = russianKey(row.text);
    const amount = findAmounts(amountText(row.text)).at(-1);
    if (HEAD.test(key)) names = [];
    else if (!amount || amount.value === 0) names.push(row);
    else {
      items.push(itemOf([...names.slice(-2), row], row, amount.value));
      names = [];
    }
  }
  return items;
}

function itemOf(rows: readonly Row[], row: Row, value: number): ReadItem {
  const [, left, right] = FIGURES.exec(row.text) ?? [];
  const [a, b] = [number(left), number(right)];
  const fits = a !== null && b !== null && Math.abs(a * b * 100 - value) <= 2;
  const countFirst = fits && Number.isInteger(a) && /[.,]\d\d$/.test(right ?? '');
  const [count, price] = countFirst ? [a, b] : [b, a];
  const text = rows.map((one) =>
    one.text
      .replace(FIGURES, ' ')
      .replace(/[-–≡=*]?\s*\d+\s?[.,]\s?\d\d\W*\w?\s*$/, '')
      .trim(),
  );
  return {
    text: text
      .filter((part) => /\p{L}{2}/u.test(part))
      .join(' ')
      .replace(/\s+/g, ' '),
    quantity: fits && count !== null ? String(count) : null,
    unitPrice: fits && price !== null ? decimal(Math.round(price * 100)) : null,
    amount: decimal(value),
    confidence: Math.min(...rows.map(({ confidence }) => confidence)),
    box: union(rows.flatMap(({ box }) => box ?? [])),
  };
}

const number = (text: string | undefined) => (text ? Number(text.replace(',', '.')) : null);
