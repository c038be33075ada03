import { area, asQuad, contains, crossing, inOrder, sharedArea, sharpest, sidesOf } from './geometry.js';

const square = (x: number, y: number, side: number) =>
  asQuad([
    { x, y },
    { x: x + side, y },
    { x: x + side, y: y + side },
    { x, y: y + side },
  ]);

it('corners are put in reading order, whatever order they came in', () => {
  const [a, b, c, d] = square(10, 20, 30);
  expect(inOrder([c, a, d, b])).toEqual([a, b, c, d]);
  expect(inOrder([b, a, d, c])).toEqual([a, b, c, d]);
  expect(() => asQuad([a, b, c])).toThrow('a quad has 4 corners, not 3');
});

it('the area that two shapes share', () => {
  expect(area(square(0, 0, 10))).toBe(100);
  expect(sharedArea(square(0, 0, 10), square(5, 5, 10))).toBe(25);
  expect(sharedArea(square(0, 0, 10), [...square(5, 5, 10)].reverse())).toBe(25);
  expect(sharedArea(square(0, 0, 10), square(20, 0, 10))).toBe(0);
  expect(sharedArea(square(2, 2, 2), square(0, 0, 10))).toBe(4);
});

it('what lies inside, and where lines meet', () => {
  expect(contains(square(0, 0, 10), { x: 5, y: 5 })).toBe(true);
  expect(contains(square(0, 0, 10), { x: 5, y: 11 })).toBe(false);
  const meet = crossing({ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 4 }, { x: 4, y: 0 });
  expect(meet).toEqual({ x: 2, y: 2 });
  expect(crossing({ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 0, y: 1 }, { x: 5, y: 1 })).toBeUndefined();
});

it('sides point inward, and a square has no sharp corner', () => {
  expect(sharpest(square(0, 0, 10))).toBeCloseTo(0);
  expect(sidesOf(square(0, 0, 10)).map(({ inward: { x, y } }) => [x, y].map((value) => value + 0))).toEqual([
    [0, 1],
    [-1, 0],
    [0, -1],
    [1, 0],
  ]);
});
