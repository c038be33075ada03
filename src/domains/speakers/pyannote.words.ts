import { textOf } from '../../kernel/http/json-fields.js';

export type End = 'succeeded' | 'failed' | 'canceled';

/** Where the vendor's word says that a job stands. */
export type Standing = { open: string } | { ended: End };

const WORDS: Readonly<Record<string, Standing>> = {
  pending: { open: 'pending' },
  created: { open: 'created' },
  running: { open: 'processing' },
  succeeded: { ended: 'succeeded' },
  failed: { ended: 'failed' },
  canceled: { ended: 'canceled' },
};

/** In any letter case; null for a word that is not documented, and for everything that is no word. */
export function standingOf(status: unknown): Standing | null {
  const word = textOf(status)?.toLowerCase() ?? '';
  return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? null) : null;
}
