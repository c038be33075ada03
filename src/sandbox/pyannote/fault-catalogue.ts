import type { FaultCatalogue, FaultStore, Occasion } from '../faults/fault-store.js';
import { type Job, webhookOf } from './job.js';

export const VENDOR = 'pyannote';

/** Which requests a fault is for. `media` is asking for a presigned address, `storage` using it. */
export const PLACES = ['submit', 'get', 'list', 'media', 'storage', 'test'] as const;
export type Place = (typeof PLACES)[number];

/** `tries` limits a fault of a notice to its first attempts: the retries after them are right. */
const tries = 'number';

export const NOTICE_FAULTS = {
  lose: {},
  duplicate: { copies: 'number', parallel: 'boolean' },
  delay: { ms: 'number' },
  reorder: {},
  'wrong-signature': { tries },
  'stale-timestamp': { seconds: 'number', tries },
  'future-timestamp': { seconds: 'number', tries },
  'base64-signature': { tries },
  'frozen-timestamp': {},
  'letter-case': { as: 'string', tries },
  'unknown-status': { status: 'string', tries },
  'raw-status': { value: 'json', absent: 'boolean', tries },
  'failed-as-canceled': { tries },
  'no-output-keys': { tries },
  contradict: { status: 'string' },
  'extra-notice-body': { body: 'json', instead: 'boolean' },
} satisfies FaultCatalogue;

/** Decided when the job is submitted, or later for a fault that names the job. */
export const FATE_FAULTS = {
  processing: { ms: 'number' },
  fail: { error: 'string' },
  cancel: {},
  hang: {},
  forget: {},
  'result-gone': {},
} satisfies FaultCatalogue;

export const REQUEST_FAULTS = {
  status: { code: 'number', retryAfter: 'number', on: PLACES, taken: 'boolean', body: 'json' },
  slow: { ms: 'number', on: PLACES },
  drop: { on: PLACES, taken: 'boolean' },
  'before-answer': {},
} satisfies FaultCatalogue;

export type NoticeFault = keyof typeof NOTICE_FAULTS;
export type FateFault = keyof typeof FATE_FAULTS;

export function registerFaults(faults: FaultStore): void {
  faults.register(VENDOR, { ...NOTICE_FAULTS, ...FATE_FAULTS, ...REQUEST_FAULTS });
}

export function occasionOf(job: Job): Occasion {
  return { jobId: job.jobId, urls: [job.request.url, webhookOf(job) ?? undefined] };
}
