import { decode, latinClasses } from './ctc.js';

const ALPHABET = ['', 'A', '中', '１', 'B', ' '];

/** One row a step: the probability of each class. */
const output = (...steps: number[][]) => Float32Array.from(steps.flat());
const text = (letters: { letter: string }[]) => letters.map(({ letter }) => letter).join('');

describe('reading a line off the network’s answer', () => {
  const known = latinClasses(ALPHABET);

  it('takes a repeat for one letter, and two with a blank between for two', () => {
    const a = [0, 0.9, 0, 0, 0, 0];
    const blank = [1, 0, 0, 0, 0, 0];
    expect(text(decode(output(a, a, blank, a), 4, known, 1))).toBe('AA');
  });

  it('folds full-width digits and leaves Chinese out', () => {
    const one = [0, 0, 0, 0.9, 0, 0];
    const chinese = [0.02, 0.01, 0.9, 0, 0, 0];
    expect(text(decode(output(one, chinese), 2, known, 1))).toBe('1');
  });

  it('does not read the empty space to the right of the line', () => {
    const a = [0, 0.9, 0, 0, 0, 0];
    const b = [0, 0, 0, 0, 0.9, 0];
    expect(text(decode(output(a, b), 2, known, 0.5))).toBe('A');
  });
});
