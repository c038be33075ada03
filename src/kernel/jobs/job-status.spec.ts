import { FINAL, JOB_STATUSES, MOVES, SETTLED, allowedFrom, checkMoves, isFinal, isSettled } from './job-status.js';
import type { JobStatus } from './job-status.js';

/** The design's table, row by row, written down a second time. */
const MAY_BECOME: Record<JobStatus, JobStatus[]> = {
  queued: ['submitting', 'canceled', 'expired', 'unconfirmed'],
  submitting: ['running', 'unconfirmed', 'queued', 'succeeded', 'failed', 'canceled'],
  unconfirmed: ['running', 'succeeded', 'failed', 'canceled', 'expired', 'queued'],
  running: ['succeeded', 'failed', 'canceled', 'expired'],
  expired: ['succeeded', 'failed', 'canceled'],
  succeeded: [],
  failed: [],
  canceled: [],
};

/** The same, read the other way: what an UPDATE has to name. */
const MAY_COME_FROM: Record<JobStatus, JobStatus[]> = {
  queued: ['submitting', 'unconfirmed'],
  submitting: ['queued'],
  unconfirmed: ['queued', 'submitting'],
  running: ['submitting', 'unconfirmed'],
  expired: ['queued', 'unconfirmed', 'running'],
  succeeded: ['submitting', 'unconfirmed', 'running', 'expired'],
  failed: ['submitting', 'unconfirmed', 'running', 'expired'],
  canceled: ['queued', 'submitting', 'unconfirmed', 'running', 'expired'],
};

const movesWith = (over: Partial<Record<string, readonly string[]>>) =>
  ({ ...MOVES, ...over }) as Record<string, readonly string[]>;

describe('the table of moves', () => {
  it.each(JOB_STATUSES)('lets %s become what the design says, and nothing else', (from) => {
    expect([...MOVES[from]].sort()).toEqual([...MAY_BECOME[from]].sort());
  });

  it.each(JOB_STATUSES)('lets %s come from what the design says, and from nothing else', (to) => {
    expect(allowedFrom(to).sort()).toEqual([...MAY_COME_FROM[to]].sort());
  });

  it('moves no job to the state that it is in', () => {
    for (const status of JOB_STATUSES) expect(MOVES[status]).not.toContain(status);
  });

  it('is accepted at boot', () => {
    expect(() => checkMoves()).not.toThrow();
  });

  it.each<[string, Record<string, readonly string[]>, string]>([
    ['a state that is misspelt', movesWith({ running: ['succeeded', 'failed', 'expierd'] }), 'unknown state expierd'],
    ['a row for no state', movesWith({ paused: ['running'] }), 'unknown state paused'],
    ['a state that nothing leads to', movesWith({ queued: ['canceled'] }), 'submitting cannot be reached from queued'],
    ['a state without a way out', movesWith({ running: [] }), 'running cannot come to a final state'],
    [
      'two states that only lead to each other',
      movesWith({ running: ['expired'], expired: ['running'] }),
      'running cannot come to a final state',
    ],
    ['a final state with a way out', movesWith({ failed: ['queued'] }), 'failed is final but has a way out'],
    [
      'a row that is missing',
      Object.fromEntries(Object.entries(MOVES).filter(([from]) => from !== 'expired')),
      'expired has no row',
    ],
  ])('is refused at boot with %s', (_, moves, problem) => {
    expect(() => checkMoves(moves)).toThrow('The table of moves is wrong: ');
    expect(() => checkMoves(moves)).toThrow(problem);
  });

  it('is told all that is wrong with it, each once', () => {
    const moves = movesWith({ running: ['nowhere'], expired: ['nowhere'] });
    expect(() => checkMoves(moves)).toThrow(
      /: unknown state nowhere; running cannot come to a final state; expired cannot come to a final state$/,
    );
  });
});

describe('a job', () => {
  it('is final in three states, and settled in one more', () => {
    expect(FINAL).toEqual(['succeeded', 'failed', 'canceled']);
    expect([...SETTLED].sort()).toEqual([...FINAL, 'expired'].sort());
  });

  it.each(JOB_STATUSES)('that is %s is final exactly when nothing comes after', (status) => {
    expect(isFinal(status)).toBe(MOVES[status].length === 0);
    expect(isSettled(status)).toBe(isFinal(status) || status === 'expired');
  });
});
