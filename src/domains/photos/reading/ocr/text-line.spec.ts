import { spaced } from './text-line.js';

const at = (...letters: [string, number][]) => letters.map(([letter, x]) => ({ letter, x, confidence: 1 }));

describe('spaces', () => {
  it('come back where the gap is wide', () => {
    expect(spaced(at(['N', 0.1], ['O', 0.2], ['W', 0.5], ['E', 0.6], ['L', 0.7]))).toBe('NO WEL');
  });

  it('do not tear an amount apart', () => {
    expect(spaced(at(['4', 0.1], ['1', 0.2], ['.', 0.25], ['5', 0.45], ['0', 0.55]))).toBe('41.50');
  });
});
