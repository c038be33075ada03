import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a receiver of Standard Webhooks (https://www.standardwebhooks.com, spec 1.0) verifies by. */
export interface SignedHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

const PREFIX = 'whsec_';
const VERSION = 'v1,';
const SECRET_BYTES = 32;

export const newSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** The bytes of a `whsec_…` secret. */
export function secretBytes(secret: string): Buffer {
  return Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
}

/**
 * HMAC-SHA-256 of `id.timestamp.body`, base64, one `v1,` signature for each secret that counts, newest first: during a
 * rotation the receiver finds the one that it knows. `timestamp` is Unix seconds.
 */
export function signed(id: string, timestamp: number, body: string, secrets: readonly string[]): SignedHeaders {
  const text = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', secretBytes(secret)).update(text, 'utf8').digest('base64');
    return `${VERSION}${mac}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}

/** The proof on a message, as its headers say it. */
export interface SignedMessage {
  id: string;
  /** The header's own text: what was signed. */
  timestamp: string;
  /** A list, separated by spaces; of it, only `v1,` signatures count. */
  signatures: string;
  /** The bytes as they came. */
  body: Buffer;
}

/** Signatures looked at in one message: more are no rotation. */
const MOST_SIGNATURES = 20;

/** Whether any of its signatures was made with this secret. Looks at all of them; the time is the caller's to judge. */
export function isSignedWith(secret: string, { id, timestamp, signatures, body }: SignedMessage): boolean {
  const mac = createHmac('sha256', secretBytes(secret)).update(`${id}.${timestamp}.`).update(body).digest();
  let fits = false;
  for (const signature of signatures.split(' ').slice(0, MOST_SIGNATURES)) {
    const given = Buffer.from(signature.startsWith(VERSION) ? signature.slice(VERSION.length) : '', 'base64');
    // One text per MAC: no loose base64.
    const isMac = given.length === mac.length && `${VERSION}${given.toString('base64')}` === signature;
    if (timingSafeEqual(mac, isMac ? given : Buffer.alloc(mac.length)) && isMac) fits = true;
  }
  return fits;
}
