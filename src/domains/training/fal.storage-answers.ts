import { MINUTE, SECOND } from '../../kernel/config/pace.js';
import { outsideUrlFault } from '../../kernel/http/outside-url.js';
import { NotNow, Refused, Unavailable } from '../../kernel/jobs/provider-errors.js';
import type { StorageAnswer } from './fal.put.js';

const MOST_DETAIL = 500;
const LONGEST_HOLD = 60 * MINUTE;

/** Where bytes are to be put, and where the vendor finds them afterwards. */
export interface Place {
  uploadUrl: string;
  fileUrl: string;
}

const fieldsOf = (json: unknown) =>
  (typeof json === 'object' && json !== null ? json : {}) as Partial<Record<string, unknown>>;

/** Null when the answer names no place that may be used. */
export function placeFrom(json: unknown, base: string): Place | null {
  const { upload_url: uploadUrl, file_url: fileUrl } = fieldsOf(json);
  return isUsable(uploadUrl, base) && isUsable(fileUrl, base) ? { uploadUrl, fileUrl } : null;
}

/** The vendor's word does not lead into a private network (unless the vendor itself is there), nor from https to http. */
function isUsable(text: unknown, base: string): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const [address, vendor] = [new URL(text), new URL(base)];
  if (address.protocol !== 'https:' && (address.protocol !== 'http:' || vendor.protocol !== 'http:')) return false;
  if (address.username !== '' || address.password !== '') return false;
  return address.host === vendor.host || outsideUrlFault(text, []) === null;
}

/** What the storage says of a part that it has; null when it says nothing of use. */
export function partFrom(json: unknown, partNumber: number): { partNumber: number; etag: string } | null {
  const { etag } = fieldsOf(json);
  return typeof etag === 'string' && etag !== '' ? { partNumber, etag } : null;
}

/** What it means that fal.ai gives no place to upload to: nothing has been asked for that costs. */
export function sortedInitiate(answer: StorageAnswer): Error {
  const { status } = answer;
  const said = `the storage of fal.ai answers ${status}: ${detailOf(answer)}`;
  if (status === 401) return new Unavailable(`bad key: fal.ai answers 401; see FAL_KEY`);
  if (status === 402 || status === 403) return new Unavailable(`locked, or no credit at fal.ai: ${detailOf(answer)}`);
  if (status >= 300 && status <= 399)
    return new Unavailable(`fal.ai answers ${status} and points elsewhere; see FAL_REST_BASE_URL`);
  if ([400, 413, 415, 422].includes(status)) return new Refused('vendor_refused', said);
  return new NotNow(retryAfterMs(answer), said);
}

/** What it means that the place did not take the bytes: the next one is a new one. */
export function sortedPut(answer: StorageAnswer): Error {
  const { status } = answer;
  if (status === 413)
    return new Refused('vendor_refused', 'the storage of fal.ai answers 413: the images are too large for it');
  return new NotNow(retryAfterMs(answer), `the storage of fal.ai answers ${status} to the upload`);
}

/** What it means that the connection broke: uploads cost nothing, so there is another try. */
export function sortedBreak(error: unknown): Error {
  if (error instanceof NotNow || error instanceof Refused || error instanceof Unavailable) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const said = [code, message].filter((part) => part !== '').join(' ');
  return new NotNow(undefined, `the storage of fal.ai is not reached: ${said}`.slice(0, MOST_DETAIL));
}

function retryAfterMs({ headers }: StorageAnswer): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * SECOND : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_HOLD);
}

function detailOf({ json }: StorageAnswer): string {
  const { detail } = fieldsOf(json);
  const text = typeof detail === 'string' ? detail : detail === undefined ? '' : JSON.stringify(detail);
  return text === '' ? 'without a reason' : text.slice(0, MOST_DETAIL);
}
