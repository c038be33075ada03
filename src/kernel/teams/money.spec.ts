import { inDollars, micros, rounded, sumOf } from './money.js';

describe('money', () => {
  it('adds up without the small change that binary numbers lose', () => {
    expect(0.1 + 0.1 + 0.1).not.toBe(0.3);
    expect(sumOf([0.1, 0.1, 0.1])).toBe(0.3);
    expect(sumOf(Array<number>(1_000).fill(0.001))).toBe(1);
    expect(sumOf([])).toBe(0);
  });

  it('is whole in millionths of a dollar', () => {
    expect(micros(1.005)).toBe(1_005_000);
    expect(micros(0.000_000_4)).toBe(0);
    expect(rounded(2 / 3)).toBe(0.666_667);
  });

  it.each([
    [0, '0.00 USD'],
    [5, '5.00 USD'],
    [0.5, '0.50 USD'],
    [0.0125, '0.0125 USD'],
    [1_234.567, '1234.567 USD'],
    [0.000_001, '0.000001 USD'],
  ])('is shown with cents at least: %d', (dollars, text) => {
    expect(inDollars(dollars)).toBe(text);
  });
});
