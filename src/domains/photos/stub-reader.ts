import { setTimeout as pause } from 'node:timers/promises';
import { NO_FIELDS } from './reading/extraction/extracted.js';
import type { Reading } from './reading/reading.js';

/** As long as a reader far away takes for a receipt; real time, whatever the pace. */
const STUB_MS = 3_000;

/** Reads nothing, and takes as long as a reader far away: outside of all threads, so that such waits overlap. */
export async function stubReading(): Promise<{ value: Reading; ms: number }> {
  const start = performance.now();
  await pause(STUB_MS);
  const reason = 'the stand-in for a remote reader reads nothing';
  const value: Reading = {
    reader: 'stub',
    isReceipt: false,
    reason,
    language: null,
    turned: 0,
    fields: NO_FIELDS,
    items: [],
    checks: [],
    disagreements: [],
    needsReview: true,
    reviewReasons: [reason],
    lines: [],
  };
  return { value, ms: Math.round(performance.now() - start) };
}
