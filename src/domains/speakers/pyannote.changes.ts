import type { Change } from '../../kernel/jobs/change.js';
import { textOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';
import type { VendorJob } from './pyannote.answers.js';
import { largeResult } from './pyannote.large.js';
import { standingOf } from './pyannote.words.js';
import type { End } from './pyannote.words.js';
import type { SpeakerKind } from './speaker-kind.js';

/** Succeeded, but the output was not to be had: remembered, since the vendor may know nothing of the job next time. */
const SUCCEEDED_ONCE = { to: 'succeeded', facts: { vendorStatus: 'succeeded' } } as const satisfies Change;

/** What the vendor's answer about a job means; null for a status that is not documented. */
export function changeFrom(kind: SpeakerKind, job: VendorJob): Change | null {
  const standing = standingOf(job.status);
  if (!standing) return null;
  if ('open' in standing) return { to: 'running', phase: standing.open };
  if (standing.ended !== 'succeeded') return ended(standing.ended, job.output);
  // What it warns of is in the result itself.
  if (job.large) return { to: 'succeeded', resultStream: largeResult(kind, job.large) };
  return succeeded(kind, job.output);
}

/** Succeeded with its result, or without one where the output is gone: never an empty result. */
export function succeeded(kind: SpeakerKind, output: Fields | null): Change {
  const result = output && kind.result(output);
  if (!result) return { ...SUCCEEDED_ONCE, note: { text: 'pyannote says succeeded but shows no usable output' } };
  return { to: 'succeeded', result, ...warned(textOf(result.warning)) };
}

/** Nobody can cancel at this vendor, so its "canceled" is a failure; it is also how it used to say "failed". */
export function ended(end: Exclude<End, 'succeeded'>, output: Fields | null): Change {
  const reason = textOf(output?.error)?.slice(0, 1_000);
  const generic = end === 'canceled' ? 'pyannote canceled the job, unasked' : 'pyannote could not do it';
  const code = end === 'canceled' ? 'vendor_canceled' : 'vendor_failed';
  const error = { code, message: reason ?? `${generic}, and gave no reason` };
  return { to: 'failed', error, ...warned(textOf(output?.warning)) };
}

export function warned(warning: string | null): Pick<Change, 'note'> {
  return warning === null ? {} : { note: { text: `pyannote warns: ${warning.slice(0, 1_000)}` } };
}

/**
 * The vendor knows no job with this id (any more). That says nothing of how it ended, unless its success was announced
 * before: then the output is gone for good.
 */
export function unknownThere(facts: Readonly<Fields>): Change {
  const note = { text: 'pyannote knows no job with this id' };
  return facts.vendorStatus === SUCCEEDED_ONCE.facts.vendorStatus ? { ...SUCCEEDED_ONCE, note } : { note };
}
