import type { Change } from '../../kernel/jobs/change.js';
import type { Complaint, ResultAnswer } from './fal.answers.js';
import { detailOf } from './fal.details.js';
import type { Standing } from './fal.words.js';
import { textOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';

const MAX_REASON = 1_000;
/** Seconds until a result is looked for again that should be there. */
const SOON = 15;
/** How the vendor says that a request was canceled: there is no status for it. */
const CANCELED = /client_cancell?ed|\brequest (was|has been|is) cancell?ed/i;

/** Succeeded, but the output was not to be had: remembered, since the vendor may know nothing of the request next time. */
export const SUCCEEDED_ONCE = { to: 'succeeded', facts: { vendorStatus: 'succeeded' } } as const satisfies Change;

/** It waits for its turn, or is being done. */
export function opened({ open }: Extract<Standing, { open: string }>, progress: number | null): Change {
  return { to: 'running', phase: open, ...(progress === null ? {} : { progress }) };
}

/** The vendor's word that it came to nothing. That it was canceled counts where somebody had asked for that. */
export function endedBadly(end: 'failed' | 'canceled', complaint: Complaint): Change {
  const message = reasonOf(complaint);
  const canceled = end === 'canceled' || CANCELED.test(`${textOf(complaint.errorType)} ${message ?? ''}`);
  if (!canceled) {
    const nothing = 'fal could not do it, and gave no reason';
    return { to: 'failed', error: { code: 'vendor_failed', message: message ?? nothing } };
  }
  return { to: 'canceled', ...(message === null ? {} : { error: { code: 'vendor_canceled', message } }) };
}

/** What the address of a result means once the vendor calls its request completed. */
export function resultChange(answer: ResultAnswer, facts: Readonly<Fields>): Change {
  if ('output' in answer) return { to: 'succeeded', result: answer.output };
  if ('later' in answer) return { to: 'running', checkAfter: SOON };
  if ('gone' in answer)
    return { ...SUCCEEDED_ONCE, note: { text: `fal says completed, but has no result: ${answer.gone}` } };
  if ('tooLarge' in answer) {
    const message = `the training is done, but its result is larger than a result can be; it is at ${answer.tooLarge}`;
    return { to: 'failed', error: { code: 'result_too_large', message } };
  }
  // A fault of the vendor's own looks like one of the training: it is believed when it is still there later.
  const believed = answer.sure || 'resultFault' in facts;
  const failed = endedBadly('failed', answer.failed);
  if (believed) return failed;
  const note = { text: `fal answers for the result: ${failed.error?.message ?? 'nothing'}; it is asked once more` };
  return { to: 'running', checkAfter: SOON, facts: { resultFault: true }, note };
}

/**
 * The vendor knows no request with this id (any more). That says nothing of how it ended, unless it had agreed to cancel
 * it, or had announced its success: then the output is gone for good.
 */
export function unknownThere(facts: Readonly<Fields>): Change {
  const note = { text: 'fal knows no request with this id' };
  if (facts.vendorStatus === SUCCEEDED_ONCE.facts.vendorStatus) return { ...SUCCEEDED_ONCE, note };
  return 'cancelAccepted' in facts ? { to: 'canceled', note } : { note };
}

function reasonOf({ error, errorType, detail }: Complaint): string | null {
  const parts = [detailOf(error), textOf(errorType), detailOf(detail)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(': ').slice(0, MAX_REASON);
}
