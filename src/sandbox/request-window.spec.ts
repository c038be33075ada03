import { RequestWindow } from './request-window.js';

describe('the window of requests', () => {
  it('counts down, refuses, and forgets everything when it closes', () => {
    const window = new RequestWindow(60_000);
    expect(window.ask('a', 2, 1_000)).toEqual({ allowed: true, limit: 2, remaining: 1, secondsLeft: 60 });
    expect(window.ask('a', 2, 31_500)).toMatchObject({ allowed: true, remaining: 0, secondsLeft: 30 });
    expect(window.ask('a', 2, 60_999)).toMatchObject({ allowed: false, remaining: 0, secondsLeft: 1 });
    expect(window.ask('a', 2, 61_000)).toMatchObject({ allowed: true, remaining: 1, secondsLeft: 60 });
  });

  it('keeps endpoints apart', () => {
    const window = new RequestWindow(60_000);
    window.ask('a', 1, 0);
    expect(window.ask('a', 1, 1).allowed).toBe(false);
    expect(window.ask('b', 1, 1).allowed).toBe(true);
  });

  it('never says less than a second, however short the window', () => {
    expect(new RequestWindow(60).ask('a', 1, 0).secondsLeft).toBe(1);
  });
});
