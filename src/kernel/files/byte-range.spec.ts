import { byteRange, isKnownTo, rangeStillHolds } from './byte-range.js';

describe('A range of bytes', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 9 }],
    ['bytes=5-5', { start: 5, end: 5 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=90-1000', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    ['Bytes = 0-9 ', { start: 0, end: 9 }],
  ])('%s of 100 is a part', (header, range) => {
    expect(byteRange(header, 100)).toEqual(range);
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('%s of 100 cannot be given', (header) => {
    expect(byteRange(header, 100)).toBe('unsatisfiable');
  });

  it.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=9-5', 'bytes=0-1,5-6', 'items=0-9', 'bytes=a-b', 'bytes=1.5-2'])(
    '%s is no range that we know: the whole file',
    (header) => {
      expect(byteRange(header, 100)).toBeNull();
    },
  );

  it('of nothing is nothing', () => {
    expect(byteRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(byteRange('bytes=-5', 0)).toBe('unsatisfiable');
  });

  it('holds by the very same tag only', () => {
    expect([undefined, '"a"', ' "a" '].map((tag) => rangeStillHolds(tag, '"a"'))).toEqual([true, true, true]);
    expect(['"b"', 'W/"a"', 'Sat, 21 Nov 2026 10:00:00 GMT'].map((tag) => rangeStillHolds(tag, '"a"'))).toEqual([
      false,
      false,
      false,
    ]);
    expect(['"a"', 'W/"a"', '"b", "a"', '*'].map((tag) => isKnownTo(tag, '"a"'))).toEqual([true, true, true, true]);
    expect([undefined, '"b"', 'a'].map((tag) => isKnownTo(tag, '"a"'))).toEqual([false, false, false]);
  });
});
