import type { FaultCatalogue, FaultStore, Occasion } from '../faults/fault-store.js';
import type { Job } from './job.js';

export const VENDOR = 'fal';

/** Which requests a fault is for. `storage` is asking for an upload address, `upload` using it, `files` a download. */
export const PLACES = ['submit', 'status', 'stream', 'result', 'cancel', 'storage', 'upload', 'files', 'jwks'] as const;
export type Place = (typeof PLACES)[number];

/** `tries` limits a fault of a notice to its first attempts: the retries after them are right. */
const tries = 'number';

export const NOTICE_FAULTS = {
  lose: {},
  duplicate: { copies: 'number', parallel: 'boolean' },
  delay: { ms: 'number' },
  reorder: {},
  /** Status OK, payload null and a payload_error: the output has to be fetched. */
  'payload-missing': { error: 'string', tries },
  'wrong-key': { tries },
  'wrong-user': { id: 'string', tries },
  'stale-timestamp': { seconds: 'number', tries },
  'future-timestamp': { seconds: 'number', tries },
  'frozen-timestamp': {},
  /** The keys change before the notice is signed; with `drop` the old ones are gone from the list at once. */
  'rotate-key': { drop: 'boolean' },
  /** What a proxy makes of it that parses the body and writes it again, after it was signed. */
  reserialised: { tries },
  /** The first try's id is another than the queue's, as after an internal retry. */
  'other-gateway': {},
  'unknown-word': { status: 'string', tries },
  /** Worded as relays do; with `progressAfter` the end comes first and the progress after it. */
  'relay-shape': { status: 'string', under: ['result', 'output', 'response', 'payload'], progressAfter: 'boolean' },
  /** A second completion of the same request, with another result. */
  contradict: {},
  'extra-notice-body': { body: 'json', instead: 'boolean' },
} satisfies FaultCatalogue;

/** Decided when the job is submitted, or later for a fault that names the job. */
export const FATE_FAULTS = {
  queued: { ms: 'number' },
  processing: { ms: 'number' },
  fail: { code: 'number', detail: 'json', errorType: 'string', error: 'string' },
  hang: {},
  forget: {},
  'result-expired': { code: 'number' },
  /** Status says IN_PROGRESS that long after the end. */
  'status-lag': { ms: 'number' },
  'unknown-status': { status: 'string' },
  'deaf-to-cancel': {},
  /** A canceled request is told of, as an error; what the vendor does is not documented. */
  'notice-of-cancel': {},
  'private-model': { host: 'string' },
  'model-size': { bytes: 'number' },
  /** Files that say no more than their address. */
  'bare-files': {},
  'no-config': {},
  /** A seed above 2^53 in the output, which JSON.parse cannot read exactly. */
  'big-seed': {},
} satisfies FaultCatalogue;

export const REQUEST_FAULTS = {
  status: { code: 'number', retryAfter: 'number', on: PLACES, taken: 'boolean', body: 'json' },
  slow: { ms: 'number', on: PLACES },
  drop: { on: PLACES, taken: 'boolean' },
  locked: {},
  'before-answer': {},
  /** The input is checked before it is taken, not when the training starts. */
  'refuse-at-submit': {},
  'cut-model': { percent: 'number' },
  'jwks-garbage': {},
  'jwks-empty': {},
} satisfies FaultCatalogue;

export type NoticeFault = keyof typeof NOTICE_FAULTS;
export type FateFault = keyof typeof FATE_FAULTS;
export type RequestFault = keyof typeof REQUEST_FAULTS;

export function registerFaults(faults: FaultStore): void {
  faults.register(VENDOR, { ...NOTICE_FAULTS, ...FATE_FAULTS, ...REQUEST_FAULTS });
}

/** `match.url` of a fault is compared with the model's address and every address in the submit. */
export function occasionOf({ requestId, endpoint, webhook, input }: Job): Occasion {
  return { jobId: requestId, urls: [endpoint, webhook ?? undefined, ...textsIn(input)] };
}

export function textsIn(input: Record<string, unknown>): string[] {
  return Object.values(input).filter((value) => typeof value === 'string');
}
