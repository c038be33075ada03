import type { ReadItem } from './reading/reading.js';

/** One row per item under `text,quantity,unitPrice,amount,confidence`; RFC 4180, lines end with CR LF. */
export function itemsCsv(result: Readonly<Record<string, unknown>>): string {
  const items = (result.items ?? []) as ReadItem[];
  const rows = items.map(({ text, quantity, unitPrice, amount, confidence }) => [
    cell(text),
    cell(quantity ?? ''),
    cell(unitPrice ?? ''),
    amount,
    String(confidence),
  ]);
  return [['text', 'quantity', 'unitPrice', 'amount', 'confidence'], ...rows]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/;

/** Quoted where it must be. What a spreadsheet would run gets an apostrophe before it, and is shown as text. */
function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n\t]|^\s|\s$|^'/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
