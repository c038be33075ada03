import { ocrModels } from './ocr/models.js';
import type { Raster } from './ocr/raster.js';
import { legible, readLines } from './ocr/read-lines.js';
import { rowsOf } from './ocr/rows.js';
import { turnBack } from './ocr/turn-back.js';
import { whyNoReceipt } from './extraction/is-receipt.js';
import type { Reading, ReadingLanguage } from './reading.js';
import type { Row } from './row.js';
import { readCyrillic } from './russian/cyrillic-rows.js';
import { looksRussian } from './russian/russian.js';

export interface PageRows {
  rows: Row[];
  language: ReadingLanguage;
  turned: Reading['turned'];
}

/** Latin receipts lose nothing at this size; small photos are left as they are. */
const LATIN = { side: 960, enlarge: false };
/** The letters of Russian receipts are small and thin. */
const CYRILLIC = { side: 1280, enlarge: true };

/** The rows of a page. Told no language, it reads Latin first, and Cyrillic where that gives no receipt. */
export async function readPage(image: Raster, language: ReadingLanguage | 'auto'): Promise<PageRows> {
  if (language === 'ru') return readRussian(image);
  const page = await readLines(await ocrModels(), image, LATIN);
  const rows = turnBack(rowsOf(page.lines.filter(legible)), page);
  const english: PageRows = { rows, language: 'en', turned: page.turned };
  if (language === 'en' || page.lines.length < LEAST_LINES || isLatinReceipt(rows)) return english;
  const russian = await readRussian(image);
  return looksRussian(russian.rows) ? russian : english;
}

const LEAST_LINES = 4;

/** Cyrillic read as Latin has amounts and dates, but none of the words. */
function isLatinReceipt(rows: readonly Row[]): boolean {
  return whyNoReceipt(rows) === null && rows.some(({ text }) => LATIN_WORDS.test(text));
}

const LATIN_WORDS = /total|invoice|receipt|cash|change|amount|\btax\b|\bgst\b|\bqty\b|thank|date|\btel\b|sdn|jumlah/i;

async function readRussian(image: Raster): Promise<PageRows> {
  const page = await readLines(await ocrModels(), image, CYRILLIC);
  const rows = await readCyrillic(page.image, page.lines);
  return { rows: turnBack(rows, page), language: 'ru', turned: page.turned };
}
