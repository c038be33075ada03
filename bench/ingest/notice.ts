import { createHmac, timingSafeEqual } from 'node:crypto';

/** A secret for the bench alone. */
export const SECRET = 'whs_bench_0123456789abcdef0123456789abcdef';
export const PATH = '/webhooks/pyannote';
export const BODY_BYTES = 2_048;

/** The same check in every contender: HMAC-SHA-256 of `v0:<timestamp>:<body>`, hex, not older than 15 minutes. */
export function isSigned(headers: Record<string, string | string[] | undefined>, body: Buffer): boolean {
  const signature = headers['x-signature'];
  const timestamp = headers['x-request-timestamp'];
  if (typeof signature !== 'string' || typeof timestamp !== 'string') return false;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > 900) return false;
  const mac = createHmac('sha256', SECRET).update(`v0:${timestamp}:`).update(body).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === mac.length && timingSafeEqual(given, mac);
}

/** A vendor's job id that no other notice of this bench has. */
export function jobIdOf(slab: number, index: number): string {
  return `${slab.toString(16).padStart(8, '0')}-bbbb-4bbb-8bbb-${index.toString(16).padStart(12, '0')}`;
}

/** A diarization of 2 KB, as the vendor would send it. */
export function bodyOf(jobId: string): Buffer {
  return Buffer.from(`{"jobId":"${jobId}",${REST}`, 'latin1');
}

const REST = restOfBody();

function restOfBody(): string {
  const length = BODY_BYTES - `{"jobId":"${jobIdOf(0, 0)}",`.length;
  const turns: string[] = [];
  const text = (filler: string) =>
    `"status":"succeeded","output":{"diarization":[${turns.join(',')}]},"note":"${filler}"}`;
  for (let at = 0; text('').length < length - 80; at++) {
    turns.push(
      `{"speaker":"SPEAKER_0${at % 4}","start":${(at * 3.715).toFixed(3)},"end":${(at * 3.715 + 2.93).toFixed(3)}}`,
    );
  }
  return text('n'.repeat(length - text('').length));
}
