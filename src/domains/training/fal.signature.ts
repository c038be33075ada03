import { createHash, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bodySha } from '../../kernel/webhooks/delivery-key.js';
import { RefusedNotice } from '../../kernel/webhooks/inbound-source.js';
import type { Headers } from '../../kernel/webhooks/inbound-source.js';

/** What the headers of a notice of fal.ai say. */
export interface FalProof {
  requestId: string;
  userId: string;
  /** Unix seconds, the header's own text: what was signed. */
  timestamp: string;
  /** 64 bytes. */
  signature: Buffer;
}

/** @throws {RefusedNotice} when one of the four is missing, came twice or is not what it has to be */
export function proofOf(headers: Headers): FalProof {
  const requestId = single(headers, 'x-fal-webhook-request-id', 'missing_request_id');
  const userId = single(headers, 'x-fal-webhook-user-id', 'missing_user_id');
  const timestamp = single(headers, 'x-fal-webhook-timestamp', 'missing_timestamp');
  const signature = single(headers, 'x-fal-webhook-signature', 'missing_signature');
  if (!/^\d{1,11}$/.test(timestamp)) {
    throw new RefusedNotice('bad_timestamp', 'X-Fal-Webhook-Timestamp must be unix seconds as decimal digits');
  }
  if (!/^[0-9a-f]{128}$/i.test(signature)) {
    throw new RefusedNotice('bad_signature', 'X-Fal-Webhook-Signature must be 64 bytes in hex');
  }
  return { requestId, userId, timestamp, signature: Buffer.from(signature, 'hex') };
}

/**
 * Ed25519 (RFC 8032) over four lines without one at the end: request id, user id, timestamp, and the SHA-256 of the body as
 * it came in lower-case hex. The headers name no key, so each is tried.
 */
export function isSignedByAny(keys: readonly KeyObject[], proof: FalProof, body: Buffer): boolean {
  const { requestId, userId, timestamp, signature } = proof;
  const text = Buffer.from([requestId, userId, timestamp, bodySha(body).toString('hex')].join('\n'));
  return keys.some((key) => verify(null, text, key, signature));
}

/**
 * What is left to ask once the signature is known to be right: fal.ai signs the notices of all its customers with the same
 * keys, so that anybody can have one signed. @throws {RefusedNotice} `genuine` when only the time is wrong
 */
export function checkMeaning(
  proof: FalProof,
  { userId, toleranceSeconds, nowSeconds }: { userId: string; toleranceSeconds: number; nowSeconds: number },
): void {
  if (!isSame(proof.userId, userId)) throw new RefusedNotice('other_account', 'it was signed for another account');
  const age = nowSeconds - Number(proof.timestamp);
  if (age > toleranceSeconds) throw new RefusedNotice('stale', `signed ${Math.round(age)} s ago`, true);
  if (-age > toleranceSeconds) throw new RefusedNotice('future', `signed ${Math.round(-age)} s ahead`, true);
}

/** In a time that does not tell where the two differ, nor how long ours is. */
export function isSame(given: string, ours: string): boolean {
  const sha = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(sha(given), sha(ours));
}

/** Node joins a repeated header with commas, which no value may contain; a list of values is a repetition too. */
export function single(headers: Headers, name: string, missing: string): string {
  const value = headers[name];
  if (value === undefined || value === '') throw new RefusedNotice(missing, `${name} is missing`);
  if (Array.isArray(value) || value.includes(',')) throw new RefusedNotice('repeated_header', `${name} came twice`);
  // The four lines are told apart by their ends.
  if (!/^[\x21-\x7e]{1,200}$/.test(value)) throw new RefusedNotice('bad_header', `${name} is not one word`);
  return value;
}
