/** A date in a text: what it says if the day comes first, and if the month does. */
export interface FoundDate {
  iso: string;
  /** The other reading of 03/04; null where only one is possible. */
  swapped: string | null;
  /** What can only be read one way says which comes first here: 25/12 the day, 12/25 the month. */
  first: 'day' | 'month' | null;
  start: number;
  end: number;
  /** Four digits of the year, or the name of the month: not easily something else. */
  certain: boolean;
}

const MONTHS = [
  ['jan'],
  ['feb'],
  ['mar', 'mac'],
  ['apr'],
  ['may', 'mei'],
  ['jun'],
  ['jul'],
  ['aug', 'ogo'],
  ['sep'],
  ['oct', 'okt'],
  ['nov'],
  ['dec', 'dis'],
];

const YEAR = String.raw`(20[0-3]\d|\d{2})(?!\d(?!\d?\s?:))`;
const YEAR_FIRST = /(?<!\d)(20[0-3]\d)\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})/g;
const IN_DIGITS = new RegExp(String.raw`(?<!\d|\d[.,])(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?${YEAR}`, 'g');
/** A stroke between two numbers that was read as a 7 or a 1; both, or as a space, only where the row says "date". */
const LOST_STROKE = /(?<!\d)(\d{2})(?:\/(\d{2})[71]|[71](\d{2})\/)(20[0-3]\d)(?!\d)/g;
const LOST_STROKES = /(?<=dat?e\W{0,4})(\d{2})[71 ](\d{1,2})[71/-](20[0-3]\d)(?!\d)/gi;
const NAMED = new RegExp(String.raw`(?<!\d)(\d{1,2})\s?[-/.,]?\s?([A-Za-z]{3,9})\s?[-/.,']?\s?${YEAR}`, 'g');
const NAMED_FIRST = new RegExp(String.raw`([A-Za-z]{3,9})\s?[-/.]?\s?(\d{1,2})\s?[-,./']\s?${YEAR}`, 'g');

export function findDates(given: string): FoundDate[] {
  const text = straightened(given);
  return [
    ...matches(text, YEAR_FIRST, ([year, month, day]) => [iso(year, month, day), null, null, true]),
    ...matches(text, IN_DIGITS, ([first, second, year]) => {
      const [dayFirst, monthFirst] = [iso(year, second, first), iso(year, first, second)];
      const certain = year?.length === 4;
      const swapped = dayFirst && monthFirst !== dayFirst ? monthFirst : null;
      const order = dayFirst && monthFirst ? null : dayFirst ? 'day' : 'month';
      return [dayFirst ?? monthFirst, swapped, order, certain];
    }),
    ...matches(text, LOST_STROKES, ([day, month, year]) => [iso(year, month, day), null, null, true]),
    ...matches(text, LOST_STROKE, ([day, month, otherMonth, year]) => [
      iso(year, month ?? otherMonth, day),
      null,
      null,
      true,
    ]),
    ...matches(text, NAMED, ([day, month, year]) => [iso(year, numberOf(month), day), null, null, true]),
    ...matches(text, NAMED_FIRST, ([month, day, year]) => [iso(year, numberOf(month), day), null, null, true]),
  ];
}

type Told = [iso: string | null, swapped: string | null, first: FoundDate['first'], certain: boolean];

function matches(text: string, pattern: RegExp, tell: (groups: (string | undefined)[]) => Told): FoundDate[] {
  return [...text.matchAll(pattern)].flatMap((found) => {
    const [date, swapped, first, certain] = tell(found.slice(1));
    return date ? [{ iso: date, swapped, first, certain, start: found.index, end: found.index + found[0].length }] : [];
  });
}

/** Of the same length as the text: dashes of all kinds, and the letters that are mistaken for digits. */
function straightened(text: string): string {
  return text
    .replace(/[~–—_]/g, '-')
    .replace(/(?<=\d)[oO](?=[\d/\-.])|(?<=[/\-.\d])[oO](?=\d)/g, '0')
    .replace(/(?<=[\d/\-.])[lI|](?=[\d/\-.])/g, '1');
}

function numberOf(month: string | undefined): string | undefined {
  const index = MONTHS.findIndex((names) => names.some((name) => month?.toLowerCase().startsWith(name)));
  return index < 0 ? undefined : String(index + 1);
}

function iso(year: string | undefined, month: string | undefined, day: string | undefined): string | null {
  const [y, m, d] = [Number(year) < 100 ? Number(year) + 2000 : Number(year), Number(month), Number(day)];
  const date = new Date(Date.UTC(y, m - 1, d));
  const exists = y >= 2000 && y < 2040 && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
  return exists ? date.toISOString().slice(0, 10) : null;
}

const TIME = /(?<![\d:])([01]?\d|2[0-3])\s?:\s?([0-5]\d)(?:\s?:\s?([0-5]\d))?(?!\d)\s?([AaPp])?\.?\s?(?:[MmHhN]\b)?/;

/** The first time of day in a text, as HH:MM or HH:MM:SS. */
export function findTime(text: string): string | null {
  const [, hour, minute, second, half] = TIME.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return null;
  const twelve = half && Number(hour) >= 1 && Number(hour) <= 12;
  const late = half?.toLowerCase() === 'p' ? 12 : 0;
  const hours = twelve ? (Number(hour) % 12) + late : Number(hour);
  return [String(hours).padStart(2, '0'), minute, ...(second ? [second] : [])].join(':');
}
