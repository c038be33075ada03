import { outcomes, ratiosOf, summarise, tableOf, verdictsOf } from './report.js';
import type { Run } from './report.js';
import { median, quantile } from './stats.js';

const run = (reqPerSec: number, rest: Partial<Run> = {}): Run => ({
  reqPerSec,
  p50Ms: 3.14159,
  p99Ms: 9,
  nodeMicros: 50,
  postgresMicros: null,
  ...rest,
});

const GOALS = [
  { ratio: 'oursOverBare', over: 'bare', atLeast: 0.6 },
  { ratio: 'oursOverAbsent', over: 'absent', atLeast: 0.8 },
];

describe('the report of a bench', () => {
  it('takes medians, so that one run beside a busy neighbour does not count', () => {
    const summary = summarise([run(9_000), run(100, { p99Ms: 400 }), run(10_000)]);
    expect(summary).toMatchObject({ reqPerSec: 9_000, p50Ms: 3.1, p99Ms: 9, runs: [9_000, 100, 10_000] });
    expect(summary.postgresMicros).toBeNull();
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow('the median of nothing');
  });

  it('finds quantiles by nearest rank', () => {
    const values = new Float64Array([5, 1, 4, 2, 3]);
    expect([0, 0.5, 0.99, 1].map((share) => quantile(values, share))).toEqual([1, 3, 5, 5]);
    expect(() => quantile(new Float64Array(), 0.5)).toThrow('a quantile of nothing');
  });

  it('compares with who was there, and misses no goal over who was not', () => {
    const found = outcomes('ours', { ours: summarise([run(6_000)]), bare: summarise([run(9_999)]) }, GOALS);
    expect(found).toEqual([
      { ratio: 'oursOverBare', value: 0.6, goal: 0.6, reached: true },
      { ratio: 'oursOverAbsent', value: null, goal: 0.8, reached: null },
    ]);
    expect(ratiosOf(found)).toEqual({ oursOverBare: 0.6, oursOverAbsent: null });
    expect(verdictsOf(found)).toMatch(/oursOverAbsent +– +goal 0\.8 +not measured/);
  });

  it('prints one line per contender', () => {
    const table = tableOf(
      { ours: 'ours, everything on' },
      { ours: summarise([run(6_000)]), bare: summarise([run(9_000)]) },
    );
    expect(
      table
        .trimEnd()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'req/s  p50 ms  p99 ms  Node µs  Postgres µs  runs',
      'ours, everything on  6,000     3.1       9       50            –  6000',
      'bare                 9,000     3.1       9       50            –  9000',
    ]);
  });
});
