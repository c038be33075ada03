/** The states of a job. *Settled* ends waiting; only *final* ones are for ever. */
export const JOB_STATUSES = [
  'queued',
  'submitting',
  'unconfirmed',
  'running',
  'expired',
  'succeeded',
  'failed',
  'canceled',
] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

/**
 * The one table of allowed moves; the picture in the README is drawn from it.
 * - `submitting → succeeded|failed|canceled`: the notice can overtake the submit's answer.
 * - `queued → unconfirmed`: after a restore from a snapshot only.
 * - `unconfirmed → queued`: by an operator only.
 * - `expired → …`: our deadline was a guess, the vendor's late word is the truth.
 */
export const MOVES: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  queued: ['submitting', 'canceled', 'expired', 'unconfirmed'],
  submitting: ['running', 'unconfirmed', 'queued', 'succeeded', 'failed', 'canceled'],
  unconfirmed: ['running', 'succeeded', 'failed', 'canceled', 'expired', 'queued'],
  running: ['succeeded', 'failed', 'canceled', 'expired'],
  expired: ['succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
};

export const FINAL: readonly JobStatus[] = ['succeeded', 'failed', 'canceled'];
export const SETTLED: readonly JobStatus[] = [...FINAL, 'expired'];

export const isFinal = (status: JobStatus): boolean => FINAL.includes(status);
export const isSettled = (status: JobStatus): boolean => SETTLED.includes(status);

/** The states that may become `to`; what an UPDATE names in its WHERE. */
export function allowedFrom(to: JobStatus, moves = MOVES): JobStatus[] {
  return JOB_STATUSES.filter((from) => moves[from].includes(to));
}

/** Run at boot. @throws when a state is unknown, unreachable from `queued`, cannot settle, or a final state has a way out */
export function checkMoves(moves: Readonly<Record<string, readonly string[]>> = MOVES): void {
  const problems: string[] = [];
  const known = new Set<string>(JOB_STATUSES);
  const reached = new Set<string>(['queued']);
  for (const status of reached) for (const next of moves[status] ?? []) reached.add(next);
  for (const [from, targets] of Object.entries(moves)) {
    for (const name of [from, ...targets]) if (!known.has(name)) problems.push(`unknown state ${name}`);
  }
  for (const status of JOB_STATUSES) {
    const next = moves[status];
    if (!next) problems.push(`${status} has no row`);
    if (!reached.has(status)) problems.push(`${status} cannot be reached from queued`);
    if (isFinal(status) && next && next.length > 0) problems.push(`${status} is final but has a way out`);
    if (!isFinal(status) && !canEnd(status, moves)) problems.push(`${status} cannot come to a final state`);
  }
  if (problems.length > 0) throw new Error(`The table of moves is wrong: ${[...new Set(problems)].join('; ')}`);
}

function canEnd(start: string, moves: Readonly<Record<string, readonly string[]>>): boolean {
  const seen = new Set([start]);
  for (const status of seen) for (const next of moves[status] ?? []) seen.add(next);
  return FINAL.some((status) => seen.has(status));
}
