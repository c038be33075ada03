import { createHmac, timingSafeEqual } from 'node:crypto';
import { RefusedNotice } from '../../../src/kernel/webhooks/inbound-source.js';
import type { Headers } from '../../../src/kernel/webhooks/inbound-source.js';

const SIGNATURE = /^t=(\d{1,11}),v1=([0-9a-f]{64})$/;

export interface SignedNotice {
  headers: Headers;
  body: Buffer;
  secret: string;
  maxAgeSeconds: number;
  nowSeconds: number;
}

/** When it was signed, in unix seconds; null without a readable signature. */
export function signedAt(headers: Headers): number | null {
  const value = headers['toy-signature'];
  const seconds = typeof value === 'string' ? SIGNATURE.exec(value)?.[1] : undefined;
  return seconds === undefined ? null : Number(seconds);
}

/** `Toy-Signature: t=<unix seconds>,v1=<hex of HMAC-SHA-256 over "<t>.<raw body>">`. @throws {RefusedNotice} */
export function verifySignature({ headers, body, secret, maxAgeSeconds, nowSeconds }: SignedNotice): void {
  const value = headers['toy-signature'];
  if (value === undefined || value === '') throw new RefusedNotice('missing_signature', 'Toy-Signature is missing');
  const [, time, mac] = (typeof value === 'string' && SIGNATURE.exec(value)) || [];
  if (time === undefined || mac === undefined) {
    throw new RefusedNotice('malformed_signature', 'Toy-Signature must be t=…,v1=…, once');
  }
  const right = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
  if (!timingSafeEqual(right, Buffer.from(mac, 'hex'))) {
    throw new RefusedNotice('wrong_signature', 'Toy-Signature does not fit the body and our secret');
  }
  const age = nowSeconds - Number(time);
  if (age > maxAgeSeconds) throw new RefusedNotice('stale', `signed ${Math.round(age)} s ago`, true);
  if (-age > maxAgeSeconds) throw new RefusedNotice('future', `signed ${Math.round(-age)} s ahead`, true);
}
