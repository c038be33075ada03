import { readRange } from './range.js';

describe('a range of bytes', () => {
  it.each<[string | undefined, ReturnType<typeof readRange>]>([
    [undefined, null],
    ['bytes=0-9', { start: 0, end: 10 }],
    ['bytes=90-', { start: 90, end: 100 }],
    ['bytes=-5', { start: 95, end: 100 }],
    ['bytes=-500', { start: 0, end: 100 }],
    ['bytes=50-500', { start: 50, end: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-3', null],
    ['bytes=-', null],
    ['bytes=0-1,5-6', null],
    ['items=0-1', null],
  ])('%s', (header, slice) => {
    expect(readRange(header, 100)).toEqual(slice);
  });
});
