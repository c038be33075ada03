import { HOUR, MINUTE, SECOND } from '../../config/pace.js';
import { LONGEST_WAIT, TRIES, nextTryIn, retryAfterMs } from './retry-schedule.js';

const least = () => 0;
const most = () => 1;

describe('when a notification is tried again', () => {
  it('is after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, and then never', () => {
    const waits = TRIES.map((_, i) => nextTryIn(i + 1, 0, least));
    const hours = [2, 5, 10, 14, 20, 24].map((hour) => hour * HOUR);
    expect(waits).toEqual([5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...hours, null]);
  });

  it('is never earlier, and at most a tenth later', () => {
    expect(nextTryIn(2, 0, most)).toBe(5.5 * MINUTE);
  });

  it('is when the answer wishes, where that is later', () => {
    expect(nextTryIn(1, 90 * SECOND, least)).toBe(90 * SECOND);
    expect(nextTryIn(3, 90 * SECOND, least)).toBe(30 * MINUTE);
    expect(nextTryIn(1, 1_000 * HOUR, least)).toBe(LONGEST_WAIT);
  });

  it('is not changed by a wish after the last try', () => expect(nextTryIn(TRIES.length, HOUR)).toBeNull());
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');

  it.each([
    ['120', 120 * SECOND],
    [' 0 ', 0],
    ['Sat, 21 Nov 2026 12:01:00 GMT', MINUTE],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ])('%j is a wish', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms));

  it.each([undefined, '', 'soon', '-5', '1e9999', '99999999999999'])('%j is none', (header) =>
    expect(retryAfterMs(header, now)).toBeUndefined(),
  );
});
