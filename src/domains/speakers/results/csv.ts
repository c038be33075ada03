import type { Conversation } from './conversation.js';
import { secondsOf } from './times.js';

/**
 * One row per turn under `speaker,start,end,duration`; RFC 4180, lines end with CR LF, times in seconds with three decimals.
 */
export function csv({ turns }: Conversation): string {
  const rows = turns.map(({ speaker, start, end }) => [
    cell(speaker),
    secondsOf(start),
    secondsOf(end),
    secondsOf(end - start),
  ]);
  return [['speaker', 'start', 'end', 'duration'], ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** What spreadsheets take for the beginning of a formula, in full width as well, after space or not. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;

/** Quoted where it must be. What a spreadsheet would run gets an apostrophe before it, and is shown as text. */
export function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n\t]|^\s|\s$|^'/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
