import { parseOverlap } from './overlap.js';

describe('the overlap of two keys', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['90s', 90],
    ['30m', 1_800],
    ['24h', 86_400],
    ['30d', 2_592_000],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseOverlap(text)).toBe(seconds);
  });

  it.each(['', '24', '-1h', '31d', '1w', '1.5h', 'h', '24 h', '99999999s'])('is not %j', (text) => {
    expect(() => parseOverlap(text)).toThrow(`--overlap: "${text}" is neither a time such as 24h`);
  });
});
