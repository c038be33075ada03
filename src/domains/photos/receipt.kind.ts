import { MINUTE, SECOND } from '../../kernel/config/pace.js';
import type { KindSpec } from '../../kernel/jobs/provider.js';
import { itemsCsv } from './receipt-items.csv.js';

const RHYTHM = { first: 5 * SECOND, factor: 2, max: 30 * SECOND };

/** Reading costs nothing but time, so it may be done again. Nobody calls back: the submit is the work. */
export const receipt: KindSpec = {
  kind: 'receipt',
  // The work is done while it is submitted: nothing waits for this.
  deadline: MINUTE,
  checks: { withWebhook: RHYTHM, withoutWebhook: RHYTHM },
  phases: [],
  resubmit: 'safe',
  givenUp: {
    code: 'photo_gave_up',
    message:
      'the process that worked on the photo vanished three times: send another photo, or the same one scaled down',
  },
  formats: {
    csv: {
      mediaType: 'text/csv; charset=utf-8; header=present',
      extension: 'csv',
      fields: ['items'],
      render: itemsCsv,
    },
  },
};

export const READERS = ['ocr'] as const;
/** Sandbox only: cleans, then waits like a reader far away. */
export const STUB = 'stub';
export const LANGUAGES = ['en', 'ru'] as const;
