import type { ReadItem } from '../reading.js';
import type { Row } from '../row.js';
import { findAmounts } from './amounts.js';
import { decimal } from './money.js';
import { kindOf } from './row-kinds.js';
import { plain, wordKey } from './text-key.js';
import { union } from '../ocr/text-box.js';

const HEADER =
  /(item|desc|qty|price|amount|ant|u\/p).*(amount|anount|amt|price|total|qty|rm|tax|ant)|description|товар|наименование/i;
const FOOT =
  /total|subt|iuial|round|cash|change|tax\s?summ|gst\s?summ|visa|master|amountdue|topay|balance|discount|^[l\d]*items?(in|$)|qty:|netamt|tot\s?qty|итог|всего|итого|скидк|ндс/i;
const QUANTITY =
  /(?<![\d.])(\d{1,4}(?:\.\d{1,3})?)\s*(?:pcs|pkts?|unit|ea|nos?|btl|ctn|box|kg|шт)?\s*\*?\s*[x×@*]\s*(?:r[mh]\s*)?(\d{1,6}[.,]\d{2,4})/i;
/** Columns: quantity, price of one, amount. */
const COLUMNS =
  /(?<![\d.])(\d{1,4}(?:\.\d{1,3})?)\s+(?:[A-Z]{2,4}\s+)?(?:r[mh]\s*)?(\d{1,6}[.,]\d{2})\s+.*?(\d{1,6}[.,]\d{2})\W*[A-Z]{0,3}\W*$/i;

/** The rows between the heading of the table and the first total: text, quantity, price, amount. */
export function findItems(rows: readonly Row[], after: number): ReadItem[] {
  const { from, to } = tableOf(rows, after);
  const table = rows.slice(from, to);
  const below = namesStandBelow(table);
  const items: Row[][] = [];
  let names: Row[] = [];
  for (const row of table) {
    if (amountOf(row) !== null) {
      items.push(below ? [row] : [...names.slice(-2), row]);
      names = [];
    } else if (names.length === 0 && makes(row, items.at(-1))) {
      items.at(-1)?.push(row);
    } else if (QUANTITY.test(row.text)) {
      names.push(row);
    } else if (isName(row.text)) {
      names.push(row);
      if (below && names.length <= 2) items.at(-1)?.push(row);
    }
  }
  return items.map(itemOf);
}

/** "@2 X RM 4.19": what one of them costs. */
const IS_UNIT_PRICE = /(?:(?<![a-z])x|[@*×])\s*(?:r[a-z]\s?)?$/i;

/** "3 X 6.20" under an item of 18.60: its quantity, and no item of its own. */
function makes(row: Row, item: readonly Row[] | undefined): boolean {
  const of = item?.find((one) => amountOf(one) !== null);
  return of !== undefined && QUANTITY.test(row.text) && quantityOf([row], of, amountOf(of) ?? 0)[0] !== null;
}

/** The amount that a row of the table ends in. */
function amountOf({ text }: Row): number | null {
  const last = findAmounts(text).at(-1);
  if (!last || last.value === 0 || plain(text.slice(last.end)).length > 4) return null;
  return IS_UNIT_PRICE.test(text.slice(0, last.start)) ? null : last.value;
}

/** Some tills print the figures first, and the name below them. */
function namesStandBelow(table: readonly Row[]): boolean {
  const [first, last] = [table[0], table.at(-1)];
  return Boolean(
    first && last && amountOf(first) !== null && amountOf(last) === null && !/[a-zа-я]{4}/i.test(nameIn(first.text)),
  );
}

function tableOf(rows: readonly Row[], after: number): { from: number; to: number } {
  const foot = rows.findIndex(({ text }, i) => i > after && FOOT.test(wordKey(text)) && findAmounts(text).length > 0);
  const to = foot < 0 ? rows.length : foot;
  const header = rows.findLastIndex(
    ({ text }, i) => i > after && i < to && HEADER.test(text) && findAmounts(text).length === 0,
  );
  return { from: header >= 0 ? header + 1 : firstAmount(rows, after, to), to };
}

/** Without a heading, the table begins above its first amount. */
function firstAmount(rows: readonly Row[], after: number, to: number): number {
  const first = rows.findIndex(({ text }, i) => i > after && i < to && kindOf(text) === 'amount');
  if (first < 0) return to;
  const above = rows[first - 1]?.text ?? '';
  return first - 1 > after && kindOf(above) === 'text' ? first - 1 : first;
}

const isName = (text: string) => /[a-zа-я]{3}/i.test(text) && !HEADER.test(text);

function itemOf(rows: readonly Row[]): ReadItem {
  const row = rows.find((one) => amountOf(one) !== null) ?? rows[0];
  const value = row ? (amountOf(row) ?? 0) : 0;
  const [quantity, unitPrice] = quantityOf(rows, row, value);
  const names = rows.map(({ text }) => nameIn(text)).filter((name) => /[a-zа-я]{2}/i.test(name));
  return {
    text: names.join(' ') || (row?.text ?? ''),
    quantity,
    unitPrice,
    amount: decimal(value),
    confidence: Math.min(...rows.map(({ confidence }) => confidence)),
    box: union(rows.flatMap(({ box }) => (box ? [box] : []))),
  };
}

function quantityOf(rows: readonly Row[], row: Row | undefined, value: number): [string | null, string | null] {
  const texts = rows.map(({ text }) => text).join(' ');
  const [, count, price] = QUANTITY.exec(texts) ?? COLUMNS.exec(row?.text ?? '') ?? [];
  if (!count || !price) return [null, null];
  const unit = Math.round(Number(price.replace(',', '.')) * 100);
  const fits = Math.abs(Number(count) * unit - value) <= Math.max(2, Math.abs(value) * 0.25);
  return fits ? [String(Number(count)), decimal(unit)] : [null, null];
}

/** A row without its numbers: bar codes, quantities, prices and tax codes. */
function nameIn(text: string): string {
  return text
    .replace(/^\s*\d{1,2}\s*[.)]\s*(?=\D)/, '')
    .replace(/\b\d{6,}\b|\d+(?:\.\d+)?\s*(?:pcs|unit|x(?!\d+(?![\d.,]))|@|\*)\s*|(?:r[mh]\s?)?\d+[.,]\d{2,4}/gi, ' ')
    .replace(/(?:\s+(?:[SZ]R?L?|ZRL|\d+|R[MH]))+\s*$/g, '')
    .replace(/^\W+|[\s*@:|-]+$/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
