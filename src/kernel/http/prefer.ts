import { invalidField } from './problem.js';

const MAX_WAIT = 60;

/** Seconds to hold the answer, from `Prefer: wait=N` (RFC 7240); 0 without it. @throws a 400 for a wait that is no number */
export function preferredWait(prefer: string | undefined): number {
  if (prefer === undefined) return 0;
  const wait = prefer.split(/[,;]/).find((preference) => /^\s*wait\s*(=|$)/i.test(preference));
  if (wait === undefined) return 0;
  const seconds = /^[^=]*=\s*("?)(\d+)\1\s*$/.exec(wait)?.[2];
  if (seconds === undefined) throw invalidField('Prefer', `wait must be whole seconds from 0 to ${MAX_WAIT}`);
  return Math.min(Number(seconds), MAX_WAIT);
}
