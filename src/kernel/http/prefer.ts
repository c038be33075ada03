import { invalidField } from './problem.js';

const MAX_WAIT = 60;

/** Seconds to hold the answer, from `Prefer: wait=N` (RFC 7240); 0 without it. @throws a 400 for a wait that is no number */
export function preferredWait(prefer: string | undefined): number {
  if (prefer === undefined) return 0;
  const match = /(?:^|[,;\s])wait\s*=\s*"?([^",;\s]*)/i.exec(prefer);
  if (!match) return 0;
  const seconds = Number(match[1]);
  if (!Number.isInteger(seconds) || seconds < 0)
    throw invalidField('Prefer', `wait must be whole seconds from 0 to ${MAX_WAIT}`);
  return Math.min(seconds, MAX_WAIT);
}
