import { createHmac, timingSafeEqual } from 'node:crypto';
import { RefusedNotice } from '../../kernel/webhooks/inbound-source.js';
import type { Headers } from '../../kernel/webhooks/inbound-source.js';

/** How far ahead of ours the vendor's clock may be. */
const FUTURE_TOLERANCE_SECONDS = 300;
const MAC_BYTES = 32;

export interface SignedNotice {
  headers: Headers;
  /** The bytes as they came: a parsed and printed body has another signature. */
  body: Buffer;
  secrets: readonly string[];
  maxAgeSeconds: number;
  nowSeconds: number;
}

/**
 * pyannoteAI signs `v0:<timestamp as received>:<raw body>` by HMAC-SHA-256 under the whole secret text, `whs_` included.
 * Its docs say base64 in prose and compute hex in the sample: both spell the same 32 bytes, so both are read.
 * @throws {RefusedNotice} `genuine` when only the time is wrong: the signature is looked at before the time
 */
export function verifySignature({ headers, body, secrets, maxAgeSeconds, nowSeconds }: SignedNotice): void {
  const signature = single(headers, 'x-signature', 'missing_signature');
  const timestamp = single(headers, 'x-request-timestamp', 'missing_timestamp');
  if (!/^\d{1,11}$/.test(timestamp)) {
    throw new RefusedNotice('bad_timestamp', 'X-Request-Timestamp must be unix seconds as decimal digits');
  }
  if (body.length === 0) throw new RefusedNotice('empty_body', 'the body is empty');
  if (!isSignedByAny(secrets, macOf(signature), timestamp, body)) {
    throw new RefusedNotice('wrong_signature', 'X-Signature does not fit the body, the timestamp and our secrets');
  }
  const age = nowSeconds - Number(timestamp);
  if (age > maxAgeSeconds) throw new RefusedNotice('stale', `signed ${Math.round(age)} s ago`, true);
  if (-age > FUTURE_TOLERANCE_SECONDS) throw new RefusedNotice('future', `signed ${Math.round(-age)} s ahead`, true);
}

/** Node joins a repeated header with commas, which neither value may contain; a list of values is a repetition too. */
function single(headers: Headers, name: string, missing: string): string {
  const value = headers[name];
  if (value === undefined || value === '') throw new RefusedNotice(missing, `${name} is missing`);
  if (Array.isArray(value) || value.includes(',')) throw new RefusedNotice('repeated_header', `${name} came twice`);
  return value;
}

/** The bytes that a signature spells as hex or as base64; null when it is neither. One text per MAC: no loose base64. */
function macOf(signature: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(signature)) return Buffer.from(signature, 'hex');
  const bytes = Buffer.from(signature, 'base64');
  return bytes.length === MAC_BYTES && bytes.toString('base64') === signature ? bytes : null;
}

/** Looks at every secret, so that the time taken does not tell which of them fits. */
function isSignedByAny(secrets: readonly string[], given: Buffer | null, timestamp: string, body: Buffer): boolean {
  let fits = false;
  for (const secret of secrets) {
    const mac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
    if (timingSafeEqual(mac, given ?? Buffer.alloc(MAC_BYTES)) && given !== null) fits = true;
  }
  return fits;
}
