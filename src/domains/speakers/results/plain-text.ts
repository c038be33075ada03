import type { Spoken } from './conversation.js';
import { oneLine } from './one-line.js';
import { clockOf } from './times.js';

/** `[hh:mm:ss] name: what was said`, a line per paragraph; UTF-8, lines end with LF. */
export function plainText(paragraphs: readonly Spoken[]): string {
  return paragraphs
    .map(({ speaker, start, text }) => `[${clockOf(start)}] ${oneLine(speaker)}: ${oneLine(text)}\n`)
    .join('');
}
