import type { Problem } from '../http/problem.js';
import { bulkWish } from './replay-filter.js';
import type { BulkReplayRequest } from './replay.dto.js';

const NOW = Date.UTC(2026, 10, 21);
const DAY = 24 * 60 * 60 * 1_000;
const after = new Date(NOW - DAY);
const read = (wish: BulkReplayRequest) => bulkWish(wish, ['acme', 'acme-relay'], NOW);

describe('what is asked for', () => {
  it('is a plan where there is a filter', () => {
    expect(read({ outcome: ['dead'], source: 'acme', after, before: new Date(NOW) })).toEqual({
      filter: {
        outcome: ['dead'],
        source: 'acme',
        job: undefined,
        after: '2026-11-20T00:00:00.000Z',
        before: '2026-11-21T00:00:00.000Z',
      },
    });
  });

  it('may look back 90 days', () => {
    const wish = { source: 'acme', after: new Date(NOW - 90 * DAY) };
    for (const later of [0, DAY - 1]) {
      expect(bulkWish(wish, ['acme'], NOW + later)).toMatchObject({ filter: { source: 'acme' } });
    }
    expect(() => bulkWish(wish, ['acme'], NOW + DAY)).toThrow('90 days');
  });

  it('is a run where there is a plan', () => {
    expect(read({ plan: 'a.b', reason: 'why' })).toEqual({ plan: 'a.b', reason: 'why' });
    expect(read({ plan: 'a.b' })).toEqual({ plan: 'a.b', reason: undefined });
  });

  it.each<[string[], BulkReplayRequest]>([
    [['outcome', 'after'], {}],
    [['after'], { outcome: ['dead'] }],
    [['outcome'], { after }],
    [['outcome'], { after, source: '' }],
    [['after'], { outcome: ['dead'], after: new Date(NOW - 90 * DAY - 1) }],
    [['source'], { source: 'acne', after }],
    [['before'], { source: 'acme', after, before: after }],
    [['before'], { source: 'acme', after, before: new Date(NOW - 2 * DAY) }],
    [['reason'], { source: 'acme', after, reason: 'why' }],
    [['plan'], { source: 'acme', after, plan: '' }],
    [
      ['outcome', 'source', 'job', 'after', 'before'],
      { plan: 'a.b', outcome: ['dead'], source: 'x', job: 'y', after, before: after },
    ],
  ])('is refused with the fields that are wrong: %j', (fields, wish) => {
    let problem: Problem | null = null;
    try {
      read(wish);
    } catch (error) {
      problem = error as Problem;
    }
    expect(problem?.extras.errors?.map(({ field }) => field)).toEqual(fields);
  });
});
