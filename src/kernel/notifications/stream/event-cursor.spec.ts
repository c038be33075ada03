import { beginningOf, compareCursors, formatCursor, isAfter, later, parseCursor } from './event-cursor.js';
import type { EventCursor } from './event-cursor.js';

const at = (epoch: number, tx: number | bigint, seq: number | bigint): EventCursor => ({
  epoch,
  tx: BigInt(tx),
  seq: BigInt(seq),
});

describe('the place of an event', () => {
  it.each([at(1, 5_000, 42), at(2, 0, 0), at(999_999_999, 999_999_999_999_999_999n, 999_999_999_999_999_999n)])(
    'comes back from its text: %j',
    (cursor) => expect(parseCursor(formatCursor(cursor))).toEqual(cursor),
  );

  it.each([
    '',
    '1',
    '1-2',
    '1-2-3-4',
    '-1-2-3',
    '1-2-3 ',
    ' 1-2-3',
    '1-2-3\n',
    'a-b-c',
    '1--3',
    '1.0-2-3',
    '1e3-2-3',
    '0x1-2-3',
    '1234567890-2-3',
    '1-1234567890123456789-3',
    '1-2-1234567890123456789',
    '１-２-３',
  ])('is not read from %j', (text) => expect(parseCursor(text)).toBeNull());

  it('is ordered by epoch, then transaction, then sequence', () => {
    const inOrder = [at(1, 5, 9), at(1, 6, 1), at(1, 6, 2), at(1, 9_007_199_254_740_993n, 1), at(2, 0, 0), at(2, 1, 1)];
    for (const [i, a] of inOrder.entries())
      for (const [j, b] of inOrder.entries()) {
        expect({ a, b, order: Math.sign(compareCursors(a, b)) }).toEqual({ a, b, order: Math.sign(i - j) });
        expect(later(a, b)).toBe(j > i ? b : i === j ? b : a);
        expect(isAfter(a, b)).toBe(i > j);
      }
  });

  it('tells numbers apart that a double cannot', () => {
    expect(compareCursors(at(1, 9_007_199_254_740_992n, 1), at(1, 9_007_199_254_740_993n, 1))).toBeLessThan(0);
  });

  it('begins before the first event of its epoch and after the last of the epoch before', () => {
    expect(isAfter(at(2, 1, 1), beginningOf(2))).toBe(true);
    expect(isAfter(beginningOf(2), at(1, 10n ** 18n, 10n ** 18n))).toBe(true);
  });
});
