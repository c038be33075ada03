import type { Transaction } from '../database/database.js';
import type { KeptChange } from './change.js';
import { CANCELING, isLaterPhase, mergeChange, mergeFacts } from './change-merge.js';
import { Job } from './job.entity.js';
import type { KindSpec } from './provider.js';
import { RowUpdate } from './row-update.js';
import type { Entry } from './timeline.js';

const rhythm = { first: 1, factor: 1, max: 1 };
const spec: KindSpec = {
  kind: 'call',
  deadline: 1_000,
  checks: { withWebhook: rhythm, withoutWebhook: rhythm },
  phases: [
    { name: 'dialing', rank: 0, announced: false },
    { name: 'ringing', rank: 1, announced: true },
    { name: 'early_media', rank: 1, announced: false },
    { name: 'answered', rank: 2, announced: true },
  ],
  resubmit: 'never',
};

const jobWith = (over: Partial<Job>): Job =>
  Object.assign(new Job(), {
    id: 'j',
    kind: 'call',
    status: 'running',
    phase: null,
    progress: null,
    facts: {},
    ...over,
  });

/** What a change would write: the columns with their values, and the entries of the timeline. */
async function merged(job: Partial<Job>, change: KeptChange) {
  const update = new RowUpdate();
  const entries: Entry[] = [];
  mergeChange(jobWith(job), change, spec, update, entries);
  const columns: Record<string, unknown> = {};
  const execute = (sql: string, parameters: readonly unknown[]) => {
    for (const [, column = '', place] of sql.matchAll(/(\w+) = \$(\d+)/g)) {
      if (column !== 'id') columns[column] = parameters[Number(place) - 1];
    }
    return Promise.resolve(1);
  };
  if (!update.isEmpty()) await update.run({ execute } as unknown as Transaction, 'j');
  return { columns, entries, empty: update.isEmpty() };
}

describe('a phase', () => {
  it('goes forward, and is told', async () => {
    expect(await merged({ phase: 'dialing' }, { phase: 'answered' })).toEqual({
      columns: { phase: 'answered' },
      entries: [{ type: 'call.answered', what: { phase: 'answered' } }],
      empty: false,
    });
  });

  it('of the first rank comes after none', async () => {
    expect((await merged({}, { phase: 'dialing' })).columns).toEqual({ phase: 'dialing' });
  });

  it.each([
    ['answered', 'ringing'],
    ['ringing', 'ringing'],
    ['ringing', 'early_media'],
    ['ringing', 'dialing'],
    ['ringing', 'unheard_of'],
    [null, 'unheard_of'],
    [CANCELING, 'answered'],
  ])('never goes from %s to %s', async (phase, next) => {
    expect(await merged({ phase }, { phase: next })).toEqual({ columns: {}, entries: [], empty: true });
  });

  it.each(['succeeded', 'failed', 'canceled', 'expired'] as const)(
    'does not change once the job is %s',
    async (status) => {
      expect((await merged({ status, phase: 'dialing' }, { phase: 'answered' })).empty).toBe(true);
    },
  );

  it('that the kind knows no more gives way to any that it knows', () => {
    expect(isLaterPhase(spec, 'of_last_year', 'dialing')).toBe(true);
  });
});

describe('progress', () => {
  it.each([
    [null, 0, 0],
    [null, 0.4, 0.4],
    [0.4, 0.41, 0.41],
    [0.4, 7, 1],
    [null, -3, 0],
    [0.4, 0.4, null],
    [0.4, 0.1, null],
    [0.4, NaN, null],
    [null, NaN, null],
    [1, 7, null],
  ])('of %s and news of %s is written as %s', async (known, news, written) => {
    const { columns } = await merged({ progress: known }, { progress: news });
    expect(columns).toEqual(written === null ? {} : { progress: written });
  });

  it('stays as it is once the job is settled', async () => {
    expect((await merged({ status: 'expired', progress: 0.5 }, { progress: 0.9 })).empty).toBe(true);
  });
});

describe('facts', () => {
  const EARLY = '2026-11-21T10:00:00Z';
  const LATE = '2026-11-21T10:00:01.5Z';

  it('are added to those that are known', () => {
    expect(mergeFacts({ a: 1, b: 2 }, { b: 3, c: 4 })).toEqual({ a: 1, b: 3, c: 4 });
  });

  it('that are times stay the earlier of two, in whatever order they come', () => {
    expect(mergeFacts({ answeredAt: EARLY }, { answeredAt: LATE })).toEqual({ answeredAt: EARLY });
    expect(mergeFacts({ answeredAt: LATE }, { answeredAt: EARLY })).toEqual({ answeredAt: EARLY });
  });

  it('that are times are compared as times, not as texts', () => {
    const elsewhere = '2026-11-21T11:59:59+02:00';
    expect(mergeFacts({ at: EARLY }, { at: elsewhere })).toEqual({ at: elsewhere });
  });

  it.each([
    [EARLY, 'unknown'],
    ['unknown', LATE],
    [EARLY, null],
    [null, LATE],
    [EARLY, 7],
    ['2026-11-21', '2026-11-22'],
  ])('are overwritten where not both are times: %j by %j', (old, news) => {
    expect(mergeFacts({ at: old }, { at: news })).toEqual({ at: news });
  });

  it('that are no time after all do not replace one', () => {
    expect(mergeFacts({ at: EARLY }, { at: '2026-99-99T10:00:00Z' })).toEqual({ at: EARLY });
  });

  it('leave what was known as it was', () => {
    const known = Object.freeze({ a: 1 });
    expect(mergeFacts(known, { a: 2 })).toEqual({ a: 2 });
    expect(known).toEqual({ a: 1 });
  });

  it('that are known already change nothing, so that old news is ignored', async () => {
    const facts = { a: { b: [1] }, answeredAt: EARLY };
    expect((await merged({ facts }, { facts: { a: { b: [1] }, answeredAt: LATE } })).empty).toBe(true);
  });

  it('are kept even after the end', async () => {
    const { columns } = await merged({ status: 'succeeded', facts: { a: 1 } }, { facts: { b: 2 } });
    expect(columns).toEqual({ facts: '{"a":1,"b":2}' });
  });
});

describe('a note', () => {
  it('is told with the vendor’s own time, even after the end, and writes no column', async () => {
    const note = { text: 'the line was busy', at: '2026-11-21T10:00:00Z' };
    expect(await merged({ status: 'failed' }, { note })).toEqual({
      columns: {},
      entries: [{ type: 'job.note', what: note }],
      empty: true,
    });
  });
});

describe('a change that says nothing', () => {
  it('writes nothing', async () => {
    expect(await merged({}, {})).toEqual({ columns: {}, entries: [], empty: true });
    expect(await merged({}, { to: 'succeeded', result: {} })).toEqual({ columns: {}, entries: [], empty: true });
  });
});
