import { HOUR, MINUTE, SECOND } from '../../config/pace.js';

/** Before each try, milliseconds after the one before it: 76 hours in all. */
export const TRIES: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** An endpoint that wants to be left alone for longer is asked all the same. */
export const LONGEST_WAIT = 24 * HOUR;
const JITTER = 0.1;

/**
 * Milliseconds until the next try after `tries` of them were in vain; null when that was the last. A wish of the answer
 * (`Retry-After`) holds where it is longer. The jitter only ever lengthens, so that no try comes before its time.
 */
export function nextTryIn(tries: number, wishMs = 0, random: () => number = Math.random): number | null {
  const usual = TRIES[tries];
  if (usual === undefined) return null;
  return Math.round(Math.max(usual * (1 + JITTER * random()), Math.min(wishMs, LONGEST_WAIT)));
}

/** `Retry-After` (RFC 9110, 10.2.3): seconds or a date; milliseconds, or undefined where it says nothing sensible. */
export function retryAfterMs(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * SECOND;
  // What else it may be, `Date.parse` reads as some date or other.
  const at = /^\s*[A-Z][a-z]{2,8}, /.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
