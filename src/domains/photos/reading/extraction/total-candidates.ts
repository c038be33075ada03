import type { Row } from '../row.js';
import { findAmounts, type Amount } from './amounts.js';
import { contains, plain, skeleton, wordKey } from './text-key.js';

/** An amount with a label; `row` is where the amount stands. */
export interface Labelled {
  value: number;
  row: number;
  score: number;
}

const IS_TOTAL = [
  /amount(due|payable)|am(oun)?ttobepaid|tobepaid|netta?m(oun)?t|netamt|netamount|topay|balancedue|tota|jumlah/,
  /^round(ing|ed)?(r[mhnky]|amount)?[ol\d]*$/,
];

/** Points for a row that names a total, by what else it says. */
const SIGNS: readonly [sign: RegExp, points: number][] = [
  [/subt|subiot|sub-?tot|suht/, -2.2],
  [/ex[ceo]l|exdl|exciu|before|withoutgst|exempt|exgst/, -2.5],
  [/qty|quantity|quanuty|item|itern|pcs|unit(?!ed)|pax|totqt/, -2],
  [
    /^(total)?(gst|tax|sst|svc|service|s[ec]r?vice)|totalgst|taxtotal|gsttotal|totaltax|gstamt|gstam|gstpayable|t?axamt/,
    -2.5,
  ],
  [/disc|saving|save|diskaun|rebate|suppl/, -2.5],
  [/(gst|tax|sst).*in[cdo][lu]|in[cdo][lu].*(gst|tax|sst|g5t)|withgst|incgst/, 1],
  [
    /grand|nett?total|totalnett?|fina[rtl]total|roundedtotal|totalrounded|rounded|amountdue|totaldue|payable|tobepaid|totalamount|topay|nettam/,
    1.5,
  ],
  [/totalsales/, 0.2],
  [/afteradj/, 5],
  [/adj/, -3],
  [/change|tender|received|point|member|balancepoint|lastmonth/, -3],
];
const PLAIN_TOTAL = /^[tl]otal(r[mhnky]|myr|amount)?$/;
const PLAIN = 0.8;
const NOT_POSITIVE = -3;
const BELOW_TAX_SUMMARY = -2.5;
const LOWER_ON_PAGE = 0.3;
const TAX_SUMMARY = /(gst|tax|sst|g5t)(su?mmar|analys|code)|summary(gst|tax)|relief/;

export function totalCandidates(rows: readonly Row[]): Labelled[] {
  const amounts = rows.map(({ text }) => findAmounts(text));
  const keys = rows.map(({ text }) => wordKey(text));
  const half = rows.length * 0.3;
  const summary = keys.findIndex((key, i) => i > half && TAX_SUMMARY.test(key));
  return keys.flatMap((key, index) => {
    if (!namesTotal(key, rows[index]?.text ?? '')) return [];
    const found = amountFor(index, rows, amounts, keys);
    if (!found) return [];
    const below = summary >= 0 && index > summary ? BELOW_TAX_SUMMARY : 0;
    const score = 3 + points(key, rows[index]?.text ?? '', found.value) + below + (LOWER_ON_PAGE * index) / rows.length;
    return [{ ...found, score }];
  });
}

function namesTotal(key: string, text: string): boolean {
  return contains(key, 'total') || skeleton(text).includes('lolal') || IS_TOTAL.some((sign) => sign.test(key));
}

function points(key: string, text: string, value: number): number {
  const alone = PLAIN_TOTAL.test(plain(text).replace(/\d/g, '')) ? PLAIN : 0;
  const sum = SIGNS.reduce((total, [sign, worth]) => total + (sign.test(key) ? worth : 0), alone);
  const rounding = /^round/.test(key) && !contains(key, 'total') && !/am/.test(key);
  const rounded = rounding ? (Math.abs(value) < 10 ? -9 : 2) : 0;
  return sum + rounded + (value <= 0 ? NOT_POSITIVE : 0);
}

/** The right-most of its row; else the only one of the next row; else one that lost its point. */
function amountFor(
  index: number,
  rows: readonly Row[],
  amounts: readonly Amount[][],
  keys: readonly string[],
): { value: number; row: number } | null {
  const own = amounts[index]?.at(-1);
  if (own) return { value: own.value, row: index };
  const digits = /(?<![\d.])(\d{3,6})\W*$/.exec(rows[index]?.text ?? '')?.[1];
  const printed = amounts.flat().some(({ value }) => value === Number(digits));
  if (digits && printed) return { value: Number(digits), row: index };
  const next = amounts[index + 1] ?? [];
  const [only] = next;
  const free = next.length === 1 && !/cash|change|gst|tax|round|disc|total/.test(keys[index + 1] ?? '');
  return free && only ? { value: only.value, row: index + 1 } : null;
}
