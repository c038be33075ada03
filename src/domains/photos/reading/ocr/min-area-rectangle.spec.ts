import { convexHull, minAreaRectangle, type Point } from './min-area-rectangle.js';

const corners = (angle: number): Point[] =>
  [
    [-50, -10],
    [50, -10],
    [50, 10],
    [-50, 10],
    [0, 0],
  ].map(([x = 0, y = 0]): Point => [
    200 + x * Math.cos(angle) - y * Math.sin(angle),
    100 + x * Math.sin(angle) + y * Math.cos(angle),
  ]);

describe('the smallest rectangle around points', () => {
  it.each([0, 0.1, -0.3, 0.7])('finds a line of text that is turned by %s', (angle) => {
    const found = minAreaRectangle(corners(angle));
    expect(found?.cx).toBeCloseTo(200);
    expect(found?.cy).toBeCloseTo(100);
    expect(found?.width).toBeCloseTo(100);
    expect(found?.height).toBeCloseTo(20);
    expect(found?.angle).toBeCloseTo(angle);
  });

  it('sees a line that stands on end as tall, not as turned', () => {
    const found = minAreaRectangle(corners(Math.PI / 2));
    expect(found?.width).toBeCloseTo(20);
    expect(found?.height).toBeCloseTo(100);
    expect(found?.angle).toBeCloseTo(0);
  });

  it('leaves what lies inside out of the hull', () => {
    expect(convexHull(corners(0))).toHaveLength(4);
  });

  it('has nothing to say of no points', () => {
    expect(minAreaRectangle([])).toBeNull();
  });
});
