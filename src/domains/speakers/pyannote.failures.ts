import { MINUTE, SECOND } from '../../kernel/config/pace.js';
import { NotNow, Refused, Unavailable, Unclear } from '../../kernel/jobs/provider-errors.js';
import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';
import type { VendorAnswer } from './pyannote.http.js';

const MAX_DETAIL = 1_000;
const LONGEST_HOLD = 60 * MINUTE;

/** The name was not found, nobody listens, or no connection came about: the request never left. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** The certificate was looked at before the request was written. */
const BAD_CERTIFICATE = /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY))/;

/** What a submit means that the vendor answered without making a job. */
export function sortedSubmit(answer: VendorAnswer): Error {
  const { status } = answer;
  const said = detailOf(answer);
  if (status === 429) return new NotNow(retryAfterMs(answer), `pyannote answers 429: ${said}`);
  if ([400, 404, 413, 415, 422].includes(status)) return new Refused('vendor_refused', said);
  if ([301, 302, 307, 308].includes(status)) {
    return new Unavailable(`pyannote answers ${status} and points elsewhere; see PYANNOTEAI_BASE_URL`);
  }
  return accountFault(answer) ?? new Unclear(`pyannote answers ${status}: ${said}`);
}

/** What it means that the vendor's storage did not take a file. Its addresses live for a while: the next is a new one. */
export function sortedPut(answer: VendorAnswer): Error {
  const { status } = answer;
  if (status === 413)
    return new Refused('vendor_refused', 'the storage of pyannote answers 413: the file is too large');
  return new NotNow(retryAfterMs(answer), `the storage of pyannote answers ${status}`);
}

/** What a question means that the vendor did not answer; 404 is an answer and not sorted here. */
export function sortedQuestion(answer: VendorAnswer): Error {
  const said = detailOf(answer);
  if (answer.status === 429) return new NotNow(retryAfterMs(answer), `pyannote answers 429: ${said}`);
  return accountFault(answer) ?? new Error(`pyannote answers ${answer.status}: ${said}`);
}

function accountFault(answer: VendorAnswer): Unavailable | null {
  if (answer.status === 401 || answer.status === 403) {
    return new Unavailable(`bad key: pyannote answers ${answer.status}; see PYANNOTEAI_API_KEY`);
  }
  return answer.status === 402 ? new Unavailable(`no credit at pyannote: ${detailOf(answer)}`) : null;
}

/** What it means that there is no whole answer: surely not sent, or unclear. Never shows the request, which has the key. */
export function sortedBreak(error: unknown): Error {
  const { code, syscall, message } = causeOf(error);
  const unsent = NOT_SENT.has(code) || BAD_CERTIFICATE.test(code) || syscall === 'connect' || syscall === 'getaddrinfo';
  const said = `pyannote is not reached: ${[code, message].filter((part) => part !== '').join(' ')}`.slice(
    0,
    MAX_DETAIL,
  );
  return unsent ? new NotNow(undefined, said) : new Unclear(said);
}

/** What `fetch` hides one level deeper. Told by its fields: an error may come from another realm. */
function causeOf(error: unknown): { code: string; syscall: string; message: string } {
  const outer = fieldsOf(error);
  const cause = fieldsOf(outer?.cause) ?? outer;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { code: text(cause?.code), syscall: text(cause?.syscall), message: text(cause?.message) };
}

/** `Retry-After` in milliseconds, given as seconds or as a date; undefined without a sensible one. */
export function retryAfterMs({ headers }: Pick<VendorAnswer, 'headers'>, now: number = Date.now()): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_HOLD);
}

/** The vendor's own words: its message, and the fields that it complains about. */
export function detailOf({ status, json }: Pick<VendorAnswer, 'status' | 'json'>): string {
  const fields = fieldsOf(json);
  const errors = Array.isArray(fields?.errors) ? fields.errors : [];
  const faults = errors.flatMap((error) => {
    const field = textOf(fieldsOf(error)?.field);
    const message = textOf(fieldsOf(error)?.message);
    return message === null ? [] : [field === null ? message : `${field}: ${message}`];
  });
  const message = textOf(fields?.message) ?? textOf(fields?.error) ?? `status ${status} without a reason`;
  return (faults.length > 0 ? `${message} (${faults.join('; ')})` : message).slice(0, MAX_DETAIL);
}
