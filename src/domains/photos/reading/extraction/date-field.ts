import type { Field } from '../reading.js';
import type { Row } from '../row.js';
import { findDates, findTime, type FoundDate } from './dates.js';
import { partAt } from './row-field.js';
import { wordKey } from './text-key.js';

export interface DateFields {
  date: Field | null;
  time: Field | null;
  /** The other reading of a date like 03/04, where nothing on the receipt decides which it is. */
  undecided: string | null;
}

interface Candidate extends FoundDate {
  score: number;
  row: number;
}

/** Points for what else the row says. */
const SIGNS: readonly [sign: RegExp, points: number][] = [
  [/date|tarikh|dale|daie|dt|дата/, 2],
  [/due|expir|valid|until|deliver|collect|print|prn|warrant|promo|until|действ|акци|скидк|купон/, -1.5],
  [/(19|2o|20)\d?[l1]?4act|act2o|act20/, -3],
];
const TIME_IN_ROW = 1.5;
const CERTAIN = 1;
const REPEATED = 0.5;
/** Two dates with a dash between them are a period, such as that of a promotion. */
const PERIOD = /\d\d[./]\d\d(?:[./]\d{2,4})?\s?[-–]\s?\d\d[./]\d\d/;

/** The date of the purchase; `dayFirst` null where the currency does not say. */
export function dateFields(rows: readonly Row[], dayFirst: boolean | null): DateFields {
  const candidates = rows.flatMap((row, index) => (PERIOD.test(row.text) ? [] : inRow(row, index, rows.length)));
  const order = dayFirst ?? orderOf(candidates);
  for (const one of candidates) {
    one.score += REPEATED * (candidates.filter(({ iso }) => iso === one.iso).length - 1);
  }
  const [best] = candidates.sort((a, b) => b.score - a.score);
  if (!best) return { date: null, time: null, undecided: null };
  const row = rows[best.row];
  const date = order === false && best.swapped ? best.swapped : best.iso;
  return {
    date: {
      value: date,
      confidence: row?.confidence ?? 0,
      box: row ? (partAt(row, best.start)?.box ?? row.box) : null,
    },
    time: timeNear(rows, best),
    undecided: order === null && best.swapped ? best.swapped : null,
  };
}

function inRow({ text, confidence }: Row, row: number, count: number): Candidate[] {
  const key = wordKey(text);
  const points = SIGNS.reduce((sum, [sign, worth]) => sum + (sign.test(key) ? worth : 0), 0);
  return findDates(text).map((found) => {
    const timed = findTime(text.slice(found.end)) ?? findTime(text.slice(0, found.start));
    const own = (timed ? TIME_IN_ROW : 0) + (found.certain ? CERTAIN : 0) + confidence * 0.5 - (row / count) * 0.3;
    return { ...found, row, score: 1 + points + own };
  });
}

/** Whether the day comes first, by a date that can only be read one way. */
function orderOf(candidates: readonly Candidate[]): boolean | null {
  const first = candidates.find((one) => one.first)?.first;
  return first ? first === 'day' : null;
}

function timeNear(rows: readonly Row[], { row, end }: Candidate): Field | null {
  const own = rows[row];
  const others = [row - 1, row + 1, row + 2, row - 2].map((at) => rows[at]);
  const places: [Row | undefined, string | undefined][] = [
    [own, own?.text.slice(end)],
    [own, own?.text],
    ...others.map((other): [Row | undefined, string | undefined] => [other, other?.text]),
    ...rows.filter(({ text }) => /time|masa|время/i.test(text)).map((other): [Row, string] => [other, other.text]),
  ];
  for (const [place, text] of places) {
    const value = text && findTime(text);
    if (value && place) return { value, confidence: place.confidence, box: place.box };
  }
  return null;
}
