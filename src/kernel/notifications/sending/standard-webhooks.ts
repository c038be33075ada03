import { createHmac, randomBytes } from 'node:crypto';

/** What a receiver of Standard Webhooks (https://www.standardwebhooks.com, spec 1.0) verifies by. */
export interface SignedHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export const newSecret = (): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;

/** The bytes of a `whsec_…` secret. */
function secretBytes(secret: string): Buffer {
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
    return `v1,${mac}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}
