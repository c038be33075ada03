import { Alarms } from './alarms.js';

describe('alarms', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('ring once, each at its time', () => {
    const rung: string[] = [];
    const alarms = new Alarms();
    alarms.set(200, () => rung.push('late'));
    alarms.set(100, () => rung.push('early'));
    jest.advanceTimersByTime(100);
    expect(rung).toEqual(['early']);
    jest.advanceTimersByTime(10_000);
    expect(rung).toEqual(['early', 'late']);
  });

  it('are silent once they are cleared, and may be set again', () => {
    const rung: string[] = [];
    const alarms = new Alarms();
    alarms.set(100, () => rung.push('before'));
    alarms.clear();
    expect(jest.getTimerCount()).toBe(0);
    alarms.set(100, () => rung.push('after'));
    jest.advanceTimersByTime(100);
    expect(rung).toEqual(['after']);
  });
});
