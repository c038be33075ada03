import { builtAddresses, hostOf, isOwn, isRequestId } from './fal.addresses.js';
import type { Addresses } from './fal.addresses.js';
import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';

/** The answer to a submit. */
export interface Submitted extends Addresses {
  requestId: string;
  /** A host that the answer named and that is not the vendor's; its addresses were built instead. */
  foreignHost: string | null;
}

/** How a request stands. Its status is whatever came: words are understood in one place only. */
export interface RequestStatus {
  status: unknown;
  logs: unknown;
  error: unknown;
  errorType: unknown;
}

/** What the vendor said of a training that failed, as it came. */
export interface Complaint {
  error?: unknown;
  errorType?: unknown;
  /** A text, or the list of what is wrong with the input. */
  detail?: unknown;
}

/** What there is at the address of a result. */
export type ResultAnswer =
  | { output: Fields }
  /** Not there yet, or trouble that says nothing of the training. */
  | { later: string }
  /** Nothing (any more). */
  | { gone: string }
  /** The training failed; `sure: false` where the vendor itself may be what failed. */
  | { failed: Complaint; sure: boolean }
  /** More than anybody should hold. */
  | { tooLarge: string };

const NOT_READY =
  /\b(still (in|being|running|processing)|not (yet )?(ready|complete|finished|available)|in[ _](queue|progress))/i;

/** Null when the answer does not say which request was made. */
export function submittedFrom(json: unknown, { base, trainer }: { base: string; trainer: string }): Submitted | null {
  const fields = fieldsOf(json);
  if (!fields || !isRequestId(fields.request_id)) return null;
  const requestId = fields.request_id;
  const built = builtAddresses(base, trainer, requestId);
  if (!built) return null;
  const told = { statusUrl: fields.status_url, responseUrl: fields.response_url, cancelUrl: fields.cancel_url };
  const foreign = Object.values(told).find((address) => typeof address === 'string' && !isOwn(base, address));
  const own: Partial<Addresses> = Object.fromEntries(
    Object.entries(told).filter(([, address]) => isOwn(base, address)),
  );
  return {
    requestId,
    ...built,
    ...own,
    foreignHost: typeof foreign === 'string' ? hostOf(foreign) : null,
  };
}

/** Null when it is not the status of a request. */
export function statusFrom(json: unknown): RequestStatus | null {
  const fields = fieldsOf(json);
  if (!fields || !('status' in fields)) return null;
  const { status, logs, error, error_type: errorType } = fields;
  return { status, logs, error, errorType };
}

/** The answer of a result's address, 429 and the account's faults aside. */
export function resultFrom({ status, json }: { status: number; json: unknown }): ResultAnswer {
  const fields = fieldsOf(json);
  if (status === 200 || status === 201) return outputFrom(fields);
  if (status < 400) return { later: `status ${status}` };
  if (status === 404 || status === 410) return { gone: `status ${status}` };
  const text = textOf(fields?.detail);
  if (status === 408 || status === 425 || (status === 400 && text !== null && NOT_READY.test(text)))
    return { later: text ?? `status ${status}` };
  const { detail, error } = fields ?? {};
  const errorType = status === 499 ? 'client_cancelled' : fields?.error_type;
  // Without a word of the vendor's own, something in between has answered.
  if (status >= 500 && detail === undefined && error === undefined) return { later: `status ${status}` };
  return { failed: { detail, error, errorType }, sure: status < 500 };
}

/** Bare, as the vendor shows it; an older description of it wraps the output. An empty one is none. */
function outputFrom(fields: Fields | null): ResultAnswer {
  const wrapped = fields && 'response' in fields && 'status' in fields;
  const isOpen = /^in_(queue|progress)$/i.test(textOf(fields?.status) ?? '');
  if (isOpen) return { later: 'it shows the request as open' };
  const output = wrapped ? fieldsOf(fields.response) : fields;
  return usable(output) ? { output } : { gone: 'it shows no output' };
}

export const usable = (output: Fields | null): output is Fields => output !== null && Object.keys(output).length > 0;
