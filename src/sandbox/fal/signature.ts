import { createHash, type KeyObject, sign as signBytes } from 'node:crypto';

export interface Signed {
  requestId: string;
  userId: string;
  /** Unix seconds, as the header has them. */
  timestamp: string;
  body: string;
}

/** Ed25519 over four lines, in hex. */
export function sign(key: KeyObject, { requestId, userId, timestamp, body }: Signed): string {
  const digest = createHash('sha256').update(body, 'utf8').digest('hex');
  return signBytes(null, Buffer.from([requestId, userId, timestamp, digest].join('\n'), 'utf8'), key).toString('hex');
}
