import { setTimeout as pause } from 'node:timers/promises';
import type { Reading, ReadingFields } from './reading/reading.js';

/** As long as a reader far away takes for a receipt; real time, whatever the pace. */
const STUB_MS = 3_000;

const NOTHING: ReadingFields = {
  merchant: null,
  address: null,
  taxId: null,
  date: null,
  time: null,
  currency: null,
  subtotal: null,
  tax: null,
  rounding: null,
  total: null,
  payment: null,
  cash: null,
  change: null,
  fiscalStorage: null,
  fiscalDocument: null,
  fiscalSign: null,
};

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
    fields: NOTHING,
    items: [],
    checks: [],
    disagreements: [],
    needsReview: true,
    reviewReasons: [reason],
    lines: [],
  };
  return { value, ms: Math.round(performance.now() - start) };
}
