import { createHmac } from 'node:crypto';

export type SignatureEncoding = 'hex' | 'base64';

/** The vendor's docs say base64 in prose and hex in code; the code is what deployments verify, so hex is the default. */
export function sign(secret: string, timestamp: string, body: string, encoding: SignatureEncoding = 'hex'): string {
  return createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest(encoding);
}
