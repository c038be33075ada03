import { isSignedWith, secretBytes } from '../../kernel/notifications/sending/standard-webhooks.js';
import { RefusedNotice } from '../../kernel/webhooks/inbound-source.js';
import type { Headers } from '../../kernel/webhooks/inbound-source.js';
import { isSame, single } from './fal.signature.js';
import { secondsFrom } from './unix-seconds.js';

/** Less is guessed. */
const LEAST_SECRET_BYTES = 16;

/** Whether it is a secret as Standard Webhooks writes them: an empty one would fit signatures that anybody can make. */
export function isSigningSecret(secret: string): boolean {
  return secret.startsWith('whsec_') && secretBytes(secret).length >= LEAST_SECRET_BYTES;
}

/** Whether it says that it is signed; one that says so stands or falls by that. */
export function isSigned(headers: Headers): boolean {
  return headers['webhook-signature'] !== undefined;
}

/** Standard Webhooks. @throws {RefusedNotice} `genuine` when only the time is wrong: the signature is looked at first */
export function checkSigned(
  headers: Headers,
  body: Buffer,
  { secret, toleranceSeconds, nowSeconds }: { secret: string; toleranceSeconds: number; nowSeconds: number },
): void {
  const signatures = headers['webhook-signature'];
  // Node joins a repeated header by a comma and a space, which no list of signatures has in it.
  if (typeof signatures !== 'string' || signatures.includes(', ')) {
    throw new RefusedNotice('repeated_header', 'webhook-signature came twice');
  }
  if (signatures.trim() === '') throw new RefusedNotice('missing_signature', 'webhook-signature is missing');
  const id = single(headers, 'webhook-id', 'missing_id');
  const timestamp = single(headers, 'webhook-timestamp', 'missing_timestamp');
  const seconds = secondsFrom(timestamp);
  if (seconds === null) throw new RefusedNotice('bad_timestamp', 'webhook-timestamp must be unix seconds');
  if (!isSignedWith(secret, { id, timestamp, signatures, body })) {
    throw new RefusedNotice('wrong_signature', 'no signature fits the body, its id, its time and our secret');
  }
  const age = nowSeconds - seconds;
  if (age > toleranceSeconds) throw new RefusedNotice('stale', `signed ${Math.round(age)} s ago`, true);
  if (-age > toleranceSeconds) throw new RefusedNotice('future', `signed ${Math.round(-age)} s ahead`, true);
}

/** Whether `Authorization: Bearer …` has this token (RFC 6750), in constant time. */
export function bears(headers: Headers, token: string): boolean {
  const { authorization } = headers;
  if (token === '' || typeof authorization !== 'string') return false;
  const [, given] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  return given !== undefined && isSame(given, token);
}
