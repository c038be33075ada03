import { MINUTE, SECOND } from '../../kernel/config/pace.js';
import { NoPlace, NotNow, Refused, Unavailable, Unclear } from '../../kernel/jobs/provider-errors.js';
import { detailOf } from './fal.details.js';
import type { VendorAnswer } from './fal.http.js';
import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';

const MAX_SAID = 1_000;
const LONGEST_HOLD = 60 * MINUTE;
/** How long submits keep off after a 429 that does not say. */
const HOLD = 10 * SECOND;

/** The name was not found, nobody listens, or no connection came about: the request never left. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** The certificate was looked at before the request was written. */
const BAD_CERTIFICATE = /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY))/;
/** How an account without money is told so: "User is locked. Reason: Exhausted balance." */
const NO_MONEY = /\b(locked|balance|credits?|billing|payment|top.?up)\b/i;
/** These say nothing of whether the request was taken: its time was up, it met another, or somebody hung up. */
const UNCLEAR = new Set([408, 409, 499]);

/** What a submit means that the vendor answered without making a request of it. */
export function sortedSubmit(answer: VendorAnswer): Error {
  const { status } = answer;
  const said = saidBy(answer);
  // Its limits are the account's, so the next job has no place either.
  if (status === 429) return new NoPlace(retryAfterMs(answer) ?? HOLD, `fal answers 429: ${said}`);
  if ([301, 302, 307, 308].includes(status))
    return new Unavailable(`fal answers ${status} and points elsewhere; see FAL_BASE_URL`);
  const fault = accountFault(answer);
  if (fault) return fault;
  if (status === 404) return new Refused('vendor_refused', `fal has no such trainer, or has it no more: ${said}`);
  if (status >= 400 && status <= 499 && !UNCLEAR.has(status)) return new Refused('vendor_refused', said);
  return new Unclear(`fal answers ${status}: ${said}`);
}

/** What a question means that the vendor did not answer; statuses that are answers are not sorted here. */
export function sortedQuestion(answer: VendorAnswer): Error {
  const said = saidBy(answer);
  if (answer.status === 429) return new NotNow(retryAfterMs(answer), `fal answers 429: ${said}`);
  return accountFault(answer) ?? new Error(`fal answers ${answer.status}: ${said}`);
}

/** What is no job's fault: the key, the money, or whoever answers 403 in the vendor's place. */
export function accountFault(answer: Pick<VendorAnswer, 'status' | 'headers' | 'json'>): Unavailable | null {
  const { status, json } = answer;
  const said = saidBy(answer);
  if (status === 401) return new Unavailable('bad key: fal answers 401; see FAL_KEY');
  if (status === 402 || (status === 403 && NO_MONEY.test(said))) return new Unavailable(`account locked: ${said}`);
  if (status === 403 && detailOf(fieldsOf(json)?.detail) === null)
    return new Unavailable('fal answers 403 and does not say why; see FAL_KEY');
  return null;
}

/** What it means that there is no whole answer: surely not sent, or unclear. Never shows the request, which has the key. */
export function sortedBreak(error: unknown): Error {
  const { code, syscall, message } = causeOf(error);
  const unsent = NOT_SENT.has(code) || BAD_CERTIFICATE.test(code) || syscall === 'connect' || syscall === 'getaddrinfo';
  const why = [code, message].filter((part) => part !== '').join(' ');
  const said = `fal is not reached: ${why}`.slice(0, MAX_SAID);
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

/** The vendor's own words, with its word for the kind of failure, which comes in a header where the body has none. */
export function saidBy({ status, headers, json }: Pick<VendorAnswer, 'status' | 'headers' | 'json'>): string {
  const fields = fieldsOf(json);
  const said = detailOf(fields?.detail) ?? textOf(fields?.message) ?? textOf(fields?.error);
  const type = textOf(fields?.error_type) ?? textOf(headers.get('x-fal-error-type'));
  // `user`: a time limit of our own, not one of the vendor's.
  const limit = textOf(headers.get('x-fal-request-timeout-type'));
  const kind = [type, limit === null ? null : `timeout of the ${limit}`].filter((part) => part !== null).join(', ');
  const text = said ?? `status ${status} without a reason`;
  return (kind === '' || text.includes(kind) ? text : `${text} (${kind})`).slice(0, MAX_SAID);
}
