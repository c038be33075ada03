import { WindowCounter } from './rate-limit.counter.js';

const WINDOW = 60_000;

describe('requests counted by window', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const hit = (counter: WindowCounter, key = 'a', policy = 'default') => counter.count(key, WINDOW, 3, policy);

  it('are as many as there were since the first, and too many after the limit', () => {
    const counter = new WindowCounter();
    expect(hit(counter)).toEqual({ totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
    jest.advanceTimersByTime(20_500);
    hit(counter);
    expect(hit(counter)).toEqual({ totalHits: 3, timeToExpire: 40, isBlocked: false, timeToBlockExpire: 0 });
    expect(hit(counter)).toEqual({ totalHits: 4, timeToExpire: 40, isBlocked: true, timeToBlockExpire: 40 });
  });

  it('are told the next whole second, and never zero, until the window ends', () => {
    const counter = new WindowCounter();
    hit(counter);
    jest.advanceTimersByTime(WINDOW - 1);
    expect(hit(counter).timeToExpire).toBe(1);
    jest.advanceTimersByTime(1);
    expect(hit(counter)).toMatchObject({ totalHits: 1, timeToExpire: 60 });
  });

  it('do not hold each other up: key by key, policy by policy', () => {
    const counter = new WindowCounter();
    for (let i = 0; i < 5; i++) hit(counter);
    expect(hit(counter, 'b').totalHits).toBe(1);
    expect(hit(counter, 'a', 'other').totalHits).toBe(1);
  });

  it('are the same through the library’s interface', async () => {
    const counter = new WindowCounter();
    hit(counter);
    expect((await counter.increment('a', WINDOW, 3, 0, 'default')).totalHits).toBe(2);
  });

  it('of 100,000 keys take no more room than there is', () => {
    const counter = new WindowCounter(1_000);
    for (let i = 0; i < 100_000; i++) {
      hit(counter, `key ${i}`);
      if (counter.size > 1_000) throw new Error(`${counter.size} windows are held`);
    }
    for (let i = 99_500; i < 99_999; i++) expect(hit(counter, `key ${i}`).totalHits).toBe(2);
    expect(hit(counter, 'key 99999').totalHits).toBe(2);
    expect(hit(counter, 'key 0').totalHits).toBe(1);
  });

  it('give their room back when their windows have ended', () => {
    const counter = new WindowCounter();
    for (let i = 0; i < 5_000; i++) hit(counter, `key ${i}`);
    for (let i = 0; i < 2; i++) {
      jest.advanceTimersByTime(WINDOW);
      hit(counter);
    }
    expect(counter.size).toBeLessThanOrEqual(2);
  });

  it('go on where they are while others come and go', () => {
    const counter = new WindowCounter(1_000);
    hit(counter);
    jest.advanceTimersByTime(WINDOW / 2);
    for (let i = 0; i < 900; i++) hit(counter, `key ${i}`);
    expect(hit(counter).totalHits).toBe(2);
    jest.advanceTimersByTime(WINDOW / 2);
    expect([hit(counter, 'b').totalHits, hit(counter).totalHits, hit(counter, 'key 899').totalHits]).toEqual([1, 1, 2]);
  });
});
