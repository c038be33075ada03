import type { IncomingHttpHeaders } from 'node:http';
import { FetchFailed } from '../../../kernel/http/guarded-fetch.errors.js';
import type { GuardedFetch } from '../../../kernel/http/guarded-fetch.js';

/** More than any adapter has. */
export const MOST_BYTES = 8 * 1_024 ** 3;
const REDIRECTS = 3;
/** A body that breaks off is gone on with so often in a row without a single new byte. */
const IDLE_RESUMES = 3;
const MOST_RESUMES = 50;

export interface DownloadLimits {
  timeoutMs: number;
  idleMs: number;
  /** Before a body that broke off is gone on with. */
  pauseMs: number;
  maxBytes: number;
  signal: AbortSignal;
}

/** Where a file is, and how long the vendor's result says that it is. */
export interface Wanted {
  url: string;
  announcedSize: number | null;
}

/** What was expected of the vendor's answer, and was not so. */
export class NotAsExpected extends Error {}

/**
 * The bytes of one file of the vendor's, whole or not at all: one that breaks off is gone on with where it broke off, if the
 * vendor can do that and the file is still the same by its tag. @throws {FetchFailed|NotAsExpected} then try from the start
 */
export async function* modelBytes(
  fetch: GuardedFetch,
  { url, announcedSize }: Wanted,
  limits: DownloadLimits,
): AsyncGenerator<Buffer> {
  const { timeoutMs, idleMs, maxBytes, signal } = limits;
  let first: IncomingHttpHeaders | null = null;
  let at = 0;
  for (let idle = 0, resumes = 0; ; resumes++) {
    const headers = first === null ? {} : resuming(first, at);
    const before = at;
    try {
      const request = { headers, timeoutMs, idleMs, maxBytes: maxBytes - at, redirects: REDIRECTS, signal };
      const answer = await fetch.download(url, request);
      try {
        if (first === null) refuseOther(answer, url);
        else refuseOtherRange(answer, at);
        first ??= answer.headers;
        for await (const chunk of answer.bytes) {
          at += chunk.length;
          yield chunk;
        }
      } finally {
        answer.close();
      }
      return refuseOtherLength(first, at, announcedSize);
    } catch (error) {
      idle = at > before ? 0 : idle + 1;
      if (idle > IDLE_RESUMES || resumes >= MOST_RESUMES) throw error;
      if (first === null || !canResume(first, at) || !isBreak(error)) throw error;
      await new Promise((resume) => setTimeout(resume, limits.pauseMs));
    }
  }
}

const isBreak = (error: unknown) =>
  error instanceof FetchFailed && ['closed', 'timeout', 'connect', 'dns', 'tls'].includes(error.reason);

/** Only a strong tag says that the rest belongs to the same file (RFC 9110, 13.1.5). */
export function strongTag(headers: IncomingHttpHeaders): string | null {
  const { etag } = headers;
  return etag !== undefined && /^"[^"]*"$/.test(etag) ? etag : null;
}

function canResume(first: IncomingHttpHeaders, at: number): boolean {
  return at > 0 && strongTag(first) !== null && first['accept-ranges'] !== 'none';
}

const resuming = (first: IncomingHttpHeaders, at: number): Record<string, string> => ({
  range: `bytes=${at}-`,
  'if-range': strongTag(first) ?? '',
});

function refuseOther({ status, headers }: { status: number; headers: IncomingHttpHeaders }, url: string): void {
  if (status !== 200) throw new NotAsExpected(`${new URL(url).host} answered ${status}`);
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') throw new NotAsExpected('the file comes in a content coding');
}

function refuseOtherRange({ status, headers }: { status: number; headers: IncomingHttpHeaders }, at: number): void {
  if (status === 200) throw new NotAsExpected('the file broke off, and the vendor begins it anew');
  const start = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1];
  if (status !== 206 || Number(start ?? NaN) !== at)
    throw new NotAsExpected(`the file broke off, and the rest was answered with ${status}`);
}

/** Also after it was put together from parts. Where only the end of the connection ends a file, a break looks like its end. */
function refuseOtherLength(first: IncomingHttpHeaders, at: number, announcedSize: number | null): void {
  const isFramed = first['transfer-encoding'] !== undefined;
  const length = first['content-length'] ?? (isFramed ? at : announcedSize);
  if (length === null) throw new NotAsExpected('the vendor does not say how long the file is');
  if (Number(length) !== at) throw new NotAsExpected(`${at} bytes came, and ${length} were announced`);
}
