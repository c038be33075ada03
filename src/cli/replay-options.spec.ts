import { Mistake } from './mistake.js';
import { filterFrom } from './replay-options.js';
import type { ReplayOptions } from './replay-options.js';

const NOW = Date.UTC(2026, 10, 21, 12);

describe('what is to be replayed', () => {
  it.each<[string, string]>([
    ['30m', '2026-11-21T11:30:00.000Z'],
    ['2h', '2026-11-21T10:00:00.000Z'],
    ['7d', '2026-11-14T12:00:00.000Z'],
    ['2026-11-20', '2026-11-20'],
    ['2026-11-20T08:00:00Z', '2026-11-20T08:00:00Z'],
    ['yesterday', 'yesterday'],
  ])('came after %s, which is %s', (after, time) => {
    expect(filterFrom([], { outcome: 'dead', after }, NOW)).toMatchObject({ after: time });
  });

  it('is looked for by all that is said, and by nothing else', () => {
    const options: ReplayOptions = { outcome: 'dead, mismatch', source: 'acme', job: 'j', after: '2d', before: '1d' };
    const filter = filterFrom([], { ...options, reason: 'why', yes: true, url: 'u', key: 'k' }, NOW);
    expect(filter).toEqual({
      outcome: ['dead', 'mismatch'],
      source: 'acme',
      job: 'j',
      after: '2026-11-19T12:00:00.000Z',
      before: '2026-11-20T12:00:00.000Z',
    });
    expect(JSON.stringify(filterFrom([], { job: 'j', after: 'x' }))).toBe('{"job":"j","after":"x"}');
  });

  it('is what ids name', () => {
    expect(filterFrom(['a', 'b'], { reason: 'why' })).toBeNull();
  });

  it.each<[string[], ReplayOptions, string]>([
    [[], {}, 'name deliveries by their ids'],
    [[], { yes: true, reason: 'x' }, 'name deliveries by their ids'],
    [[], { outcome: 'dead' }, '--after is needed'],
    [['a'], { source: 'acme' }, '--source goes without ids'],
    [['a'], { yes: true }, '--yes goes without ids'],
  ])('is not guessed: %j %j', (ids, options, sentence) => {
    expect(() => filterFrom(ids, options)).toThrow(Mistake);
    expect(() => filterFrom(ids, options)).toThrow(sentence);
  });
});
