import { preferredWait } from './prefer.js';
import { Problem } from './problem.js';

describe('how long a caller would wait', () => {
  it.each([
    ['wait=30', 30],
    ['wait=0', 0],
    ['wait = 5', 5],
    ['Wait="10"', 10],
    ['respond-async, wait=10', 10],
    ['wait=10, respond-async', 10],
    ['wait=10;foo=bar', 10],
    ['handling=lenient;wait=7', 7],
  ])('is read from Prefer: %s', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });

  it('is a minute at most', () => {
    expect(preferredWait('wait=61')).toBe(60);
    expect(preferredWait('wait=86400')).toBe(60);
  });

  it.each([undefined, '', 'respond-async', 'await=30', 'x-wait=30', 'waiting=30'])(
    'is not at all with Prefer: %s',
    (header) => {
      expect(preferredWait(header)).toBe(0);
    },
  );

  it.each(['wait=soon', 'wait=1.5', 'wait=-1', 'wait=1e400', 'wait=30s', 'wait=1e1', 'wait=0x10'])(
    'cannot be %s',
    (header) => {
      expect(() => preferredWait(header)).toThrow(Problem);
      expect(() => preferredWait(header)).toThrow('Prefer: wait must be whole seconds from 0 to 60');
    },
  );
});
