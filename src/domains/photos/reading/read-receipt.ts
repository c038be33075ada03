import { applyFiscalCode } from './apply-fiscal-code.js';
import { checksOf, disagreementsOf } from './extraction/checks.js';
import { extractEnglish } from './extraction/english.js';
import { NO_FIELDS, type Extracted } from './extraction/extracted.js';
import { whyNoReceipt } from './extraction/is-receipt.js';
import { reviewReasons } from './extraction/review.js';
import type { FiscalCode } from './fiscal-code.js';
import { readFiscalCode } from './fiscal-qr.js';
import type { Raster } from './ocr/raster.js';
import { readPage } from './read-page.js';
import type { Reading, ReadingLanguage, ReadLine } from './reading.js';
import type { Row } from './row.js';
import { extractRussian } from './russian/russian.js';

export interface ReadOptions {
  /** What the receipt is written in; `auto` (the default) tells by itself. */
  language?: ReadingLanguage | 'auto';
  /** YYYY-MM-DD, to see that a date is not in the future. */
  today?: string;
}

/** The built-in reader: what a photo of a receipt says. Raw RGB in; boxes are pixels of that image. */
export async function readReceipt(image: Raster, options: ReadOptions = {}): Promise<Reading> {
  const wanted = options.language ?? 'auto';
  const { rows, language, turned } = await readPage(image, wanted);
  const unreadable = whyNoReceipt(rows);
  // Only Russian receipts have the code; it can save one that nobody could read.
  const code = language === 'ru' || (unreadable && wanted === 'auto') ? await readFiscalCode(image) : null;
  const reason = code ? null : unreadable;
  const page = { reader: 'ocr', turned, lines: linesOf(rows) };
  if (reason) return { ...page, ...noReceipt(reason) };
  const russian = code !== null || language === 'ru';
  const extracted = russian ? extractRussian(rows) : extractEnglish(rows);
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  return { ...page, language: russian ? 'ru' : 'en', isReceipt: true, reason: null, ...judged(extracted, code, today) };
}

function judged(extracted: Extracted, code: FiscalCode | null, today: string) {
  const { fields: read, items, guessedTotal } = extracted;
  const { fields, checks: told } = code ? applyFiscalCode(read, code) : { fields: read, checks: [] };
  const checks = [...checksOf({ ...extracted, fields, today }), ...told];
  const disagreements = disagreementsOf(checks);
  const reasons = reviewReasons(fields, disagreements, guessedTotal && !code);
  return { fields, items, checks, disagreements, needsReview: reasons.length > 0, reviewReasons: reasons };
}

/** Nothing is made up for a photo of something else. */
const noReceipt = (reason: string) => ({
  language: null,
  isReceipt: false,
  reason,
  fields: NO_FIELDS,
  items: [],
  checks: [],
  disagreements: [],
  needsReview: true,
  reviewReasons: [reason],
});

function linesOf(rows: readonly Row[]): ReadLine[] {
  return rows.flatMap(({ parts }, row) =>
    parts.map(({ text, confidence, box }) => ({ text, confidence: Math.round(confidence * 1000) / 1000, box, row })),
  );
}
