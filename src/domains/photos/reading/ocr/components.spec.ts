import { components } from './components.js';

describe('components of a map', () => {
  it('joins what touches, corners too, and keeps apart what does not', () => {
    const map = Float32Array.from(
      [
        [0.9, 0, 0, 0, 0.6],
        [0, 0.7, 0, 0, 0.6],
        [0, 0, 0, 0, 0.2],
      ].flat(),
    );
    const found = components(map, 5, 3, 0.3);
    expect(found.map(({ pixels }) => pixels)).toEqual([2, 2]);
    expect(found[0]?.mean).toBeCloseTo(0.8);
    expect(found[1]?.outline).toContainEqual([5, 2]);
  });
});
