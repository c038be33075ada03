import { textOf } from '../../kernel/http/json-fields.js';

/** Where a word says that a training stands. */
export type Standing = { ended: 'succeeded' | 'failed' | 'canceled' } | { open: 'in_queue' | 'in_progress' };

const succeeded: Standing = { ended: 'succeeded' };
const failed: Standing = { ended: 'failed' };
const canceled: Standing = { ended: 'canceled' };
const waits: Standing = { open: 'in_queue' };
const runs: Standing = { open: 'in_progress' };

/** fal.ai itself says `OK` and `ERROR` in notices, and the words of its queue; the others are those of relays. */
const WORDS: Readonly<Record<string, Standing>> = {
  ok: succeeded,
  completed: succeeded,
  succeeded,
  success: succeeded,
  error: failed,
  failed,
  failure: failed,
  cancelled: canceled,
  canceled,
  in_queue: waits,
  queued: waits,
  in_progress: runs,
  processing: runs,
};

/** In any letter case; null for a word that is none of these, and for everything that is no word. */
export function standingOf(word: unknown): Standing | null {
  const known = textOf(word)?.toLowerCase() ?? '';
  return Object.hasOwn(WORDS, known) ? (WORDS[known] ?? null) : null;
}
