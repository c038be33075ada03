import { RefusedNotice } from '../src/kernel/webhooks/inbound-source.js';
import { verifySignature } from '../src/domains/speakers/pyannote.signature.js';
import { fieldsOf, readJson } from '../src/kernel/http/json-fields.js';

/** One fact that the vendor's documentation leaves open: seen now, or still open and why. */
export interface Finding {
  fact: string;
  /** Null where this run could not see it. */
  seen: string | null;
}

/** One try of one notice, as it came in. */
export interface NoticeSeen {
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** Seconds since 1970, by our clock. */
  at: number;
}

/** Apart enough for whole seconds to differ. */
const APART_SECONDS = 2;

/** How long the presigned address says that it works, in seconds; null where it does not say. */
export function lifetimeOf(address: string, nowSeconds: number): number | null {
  const given = new Map([...new URL(address).searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const span = given.get('x-amz-expires') ?? given.get('x-goog-expires');
  if (span !== undefined && /^\d+$/.test(span)) return Number(span);
  const end = given.get('expires') ?? given.get('se');
  if (end === undefined) return null;
  const seconds = /^\d+$/.test(end) ? Number(end) : Date.parse(end) / 1_000;
  return Number.isFinite(seconds) ? Math.round(seconds - nowSeconds) : null;
}

/** What the tries of one notice tell; in the order in which they came. */
export function findingsIn(tries: readonly NoticeSeen[], secrets: readonly string[]): Finding[] {
  const [first] = tries;
  return [
    { fact: 'encoding of the signature', seen: first ? encodingOf(first, secrets) : null },
    { fact: 'time of a retry', seen: retryTime(tries) },
    { fact: 'retry headers of the first delivery', seen: first ? retryHeaders(first) : null },
    { fact: 'keys in the body of a notice', seen: first ? keysIn(first.body) : null },
  ];
}

function encodingOf({ headers, body, at }: NoticeSeen, secrets: readonly string[]): string | null {
  const signature = String(headers['x-signature'] ?? '');
  const form = /^[0-9a-f]{64}$/.test(signature)
    ? 'lower-case hex'
    : /^[0-9A-F]{64}$/i.test(signature)
      ? 'hex with capitals'
      : /^[A-Za-z0-9+/]{43}=$/.test(signature)
        ? 'base64'
        : `${signature.length} characters that are neither hex nor base64 of 32 bytes`;
  if (secrets.length === 0) return `${form}; not verified, since PYANNOTEAI_WEBHOOK_SECRETS is not set`;
  try {
    verifySignature({ headers, body, secrets, maxAgeSeconds: 900, nowSeconds: at });
    return `${form}; it verifies`;
  } catch (error) {
    if (!(error instanceof RefusedNotice)) throw error;
    return `${form}; it does NOT verify: ${error.reason}`;
  }
}

function retryTime(tries: readonly NoticeSeen[]): string | null {
  const [first, last] = [tries[0], tries.at(-1)];
  if (!first || !last || tries.length < 2) return null;
  const [before, after] = [first, last].map(({ headers }) => String(headers['x-request-timestamp']));
  const apart = Math.round(last.at - first.at);
  if (before !== after) return `fresh: ${before}, then ${after}, ${apart} s later`;
  return apart >= APART_SECONDS ? `that of the first try: ${before} again, ${apart} s later` : null;
}

function retryHeaders({ headers }: NoticeSeen): string {
  const found = Object.keys(headers).filter((name) => name.startsWith('x-retry-'));
  return found.length > 0 ? found.join(', ') : 'none';
}

function keysIn(body: Buffer): string {
  return Object.keys(fieldsOf(readJson(body)) ?? {}).join(', ') || 'none: it is no JSON object';
}
