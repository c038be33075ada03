import { nextCheck, withJitter } from './check-schedule.js';

const rhythm = { first: 10_000, factor: 2, max: 300_000 };
const alone = { openJobs: 1 };

describe('the next check', () => {
  it.each([
    [0, 10_000],
    [1, 20_000],
    [2, 40_000],
    [4, 160_000],
    [5, 300_000],
    [6, 300_000],
    [1_000_000, 300_000],
  ])('after %i checks comes after %i ms', (done, ms) => {
    expect(nextCheck(rhythm, done, alone)).toBe(ms);
  });

  it('keeps a steady rhythm where the factor is 1', () => {
    expect([0, 1, 99].map((done) => nextCheck({ first: 5, factor: 1, max: 5 }, done, alone))).toEqual([5, 5, 5]);
  });

  it('waits longer when all open jobs together would overrun the limit', () => {
    expect(nextCheck(rhythm, 0, { openJobs: 240, perMinute: 240 })).toBe(60_000);
    expect(nextCheck(rhythm, 0, { openJobs: 10_000, perMinute: 240 })).toBe(2_500_000);
  });

  it('is not hurried by a limit that is far away', () => {
    expect(nextCheck(rhythm, 3, { openJobs: 2, perMinute: 240 })).toBe(80_000);
    expect(nextCheck(rhythm, 3, { openJobs: 2, perMinute: 0 })).toBe(80_000);
    expect(nextCheck(rhythm, 3, { openJobs: 1_000_000 })).toBe(80_000);
  });

  it.each([1, 10, 500, 40_000])('of %i jobs stays under the limit of the vendor', (openJobs) => {
    const ms = nextCheck(rhythm, 0, { openJobs, perMinute: 100 });
    expect((openJobs * 60_000) / ms).toBeLessThanOrEqual(Math.max(100, (openJobs * 60_000) / rhythm.first));
    expect((openJobs * 60_000) / nextCheck(rhythm, 99, { openJobs, perMinute: 100 })).toBeLessThanOrEqual(100.001);
  });
});

describe('jitter', () => {
  it('is a twentieth at most, to either side', () => {
    expect(withJitter(1_000, () => 0)).toBe(950);
    expect(withJitter(1_000, () => 0.5)).toBe(1_000);
    expect(withJitter(1_000, () => 1)).toBe(1_050);
  });

  it('spreads jobs that were made together', () => {
    expect(new Set(Array.from({ length: 50 }, () => withJitter(1_000))).size).toBeGreaterThan(40);
  });
});
