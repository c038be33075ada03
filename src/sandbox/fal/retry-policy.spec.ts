import { pausesFor } from './retry-policy.js';

const MINUTE = 60_000;
const sum = (pauses: number[]) => pauses.reduce((total, pause) => total + pause, 0);

describe('the retries of a notice', () => {
  it('were ten over two hours', () => {
    const pauses = pausesFor('old', 1_000);
    expect(pauses).toHaveLength(10);
    expect(sum(pauses)).toBeCloseTo(120 * MINUTE);
  });

  it('come ever more slowly until the result expires, and a large one expires soon', () => {
    const [small, large] = [pausesFor('new', 9_999), pausesFor('new', 10_000)];
    expect(small).toEqual([...small].sort((a, b) => a - b));
    expect(small.length).toBeLessThanOrEqual(31);
    expect(sum(small)).toBeGreaterThan(40 * MINUTE);
    expect(sum(small)).toBeLessThanOrEqual(60 * MINUTE);
    expect(sum(large)).toBeGreaterThan(4 * MINUTE);
    expect(sum(large)).toBeLessThanOrEqual(6 * MINUTE);
  });
});
