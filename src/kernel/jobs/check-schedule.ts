import type { CheckRhythm } from './provider.js';

/** Milliseconds until the next check: the rhythm's own, or longer when all open jobs together would overrun the limit. */
export function nextCheck(
  rhythm: CheckRhythm,
  checksDone: number,
  load: { openJobs: number; perMinute?: number },
): number {
  const own = Math.min(rhythm.first * rhythm.factor ** Math.min(checksDone, 64), rhythm.max);
  const stretched = load.perMinute ? (load.openJobs / load.perMinute) * 60_000 : 0;
  return Math.max(own, stretched);
}

/** Spreads jobs that were made together, so that they are not asked about together for ever. */
export function withJitter(ms: number, random: () => number = Math.random): number {
  return ms * (0.95 + 0.1 * random());
}
