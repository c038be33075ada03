import { Pace } from '../config/pace.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { InProcessLimiter } from './in-process-limiter.js';

/** Random numbers that are the same on every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const limiterAt = (factor: number) =>
  new InProcessLimiter(new Pace(parseEnv(ServiceEnv, { SIGNALBOX_TIME_FACTOR: String(factor) })));

/** The most that lie in any window of that length, wherever it begins. */
function mostInAWindow(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((start) => times.filter((time) => time >= start && time < start + windowMs).length));
}

describe('a limit', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const limit = { name: 'acme:post', max: 3, windowMs: 1_000 };

  it('gives its places away, and then says how long to wait', async () => {
    const limiter = limiterAt(1);
    for (let i = 0; i < 3; i++) expect(await limiter.take(limit)).toBe(0);
    expect(await limiter.take(limit)).toBeCloseTo(1_020);
    jest.advanceTimersByTime(400);
    expect(await limiter.take(limit)).toBeCloseTo(620);
  });

  it('has a place again after that long, but only one', async () => {
    const limiter = limiterAt(1);
    for (let i = 0; i < 3; i++) {
      await limiter.take(limit);
      jest.advanceTimersByTime(100);
    }
    jest.advanceTimersByTime(Math.ceil(await limiter.take(limit)));
    expect(await limiter.take(limit)).toBe(0);
    expect(await limiter.take(limit)).toBeGreaterThan(0);
  });

  it('is not used up by those who only ask', async () => {
    const limiter = limiterAt(1);
    for (let i = 0; i < 3; i++) await limiter.take(limit);
    for (let i = 0; i < 50; i++) await limiter.take(limit);
    jest.advanceTimersByTime(1_020);
    expect(await limiter.take(limit)).toBe(0);
  });

  it('never asks for a wait of nothing', async () => {
    const limiter = limiterAt(1);
    for (let i = 0; i < 3; i++) await limiter.take(limit);
    jest.advanceTimersByTime(1_019);
    expect(await limiter.take(limit)).toBeGreaterThanOrEqual(1);
  });

  it('leaves the places of another name alone', async () => {
    const limiter = limiterAt(1);
    for (let i = 0; i < 3; i++) await limiter.take(limit);
    expect(await limiter.take({ ...limit, name: 'acme:get' })).toBe(0);
  });

  it('follows the pace', async () => {
    const limiter = limiterAt(0.1);
    for (let i = 0; i < 3; i++) await limiter.take(limit);
    expect(await limiter.take(limit)).toBeCloseTo(102);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is never overrun in any window, wherever it begins (seed %i)', async (seed) => {
    const next = random(seed);
    const some = { name: 'acme:post', max: 1 + Math.floor(next() * 6), windowMs: 200 + Math.floor(next() * 800) };
    const limiter = limiterAt(1);
    const taken: number[] = [];
    for (let i = 0; i < 400; i++) {
      // Bursts, trickles, and callers who wait exactly as long as they are told.
      const wait = await limiter.take(some);
      if (wait === 0) taken.push(performance.now());
      const rest = next();
      jest.advanceTimersByTime(rest < 0.5 ? 0 : rest < 0.75 ? Math.ceil(wait) : Math.floor(next() * some.windowMs));
    }
    expect(mostInAWindow(taken, some.windowMs)).toBe(some.max);
  });

  it('lets through as much as it may when callers wait as long as they are told', async () => {
    const limiter = limiterAt(1);
    const start = performance.now();
    let taken = 0;
    while (performance.now() - start < 60_000) {
      const wait = await limiter.take({ name: 'acme:get', max: 100, windowMs: 60_000 });
      if (wait === 0) taken += 1;
      jest.advanceTimersByTime(Math.ceil(wait));
    }
    expect(taken).toBe(100);
  });
});
