export type Point = readonly [x: number, y: number];

export interface Rectangle {
  cx: number;
  cy: number;
  width: number;
  height: number;
  /** Radians, -π/4 to π/4. */
  angle: number;
}

/** The smallest rectangle around points: one of its sides lies on a side of the convex hull. */
export function minAreaRectangle(points: Point[]): Rectangle | null {
  const hull = convexHull(points);
  let best: Rectangle | null = null;
  hull.forEach((from, i) => {
    const to = hull[(i + 1) % hull.length] ?? from;
    const rectangle = alongSide(hull, Math.atan2(to[1] - from[1], to[0] - from[0]));
    if (!best || area(rectangle) < area(best) - 1e-6) best = rectangle;
  });
  return best && upright(best);
}

const area = ({ width, height }: Rectangle) => width * height;

function alongSide(hull: readonly Point[], angle: number): Rectangle {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const us = hull.map(([x, y]) => x * cos + y * sin);
  const vs = hull.map(([x, y]) => y * cos - x * sin);
  const [u0, u1, v0, v1] = [Math.min(...us), Math.max(...us), Math.min(...vs), Math.max(...vs)];
  const [u, v] = [(u0 + u1) / 2, (v0 + v1) / 2];
  return { cx: u * cos - v * sin, cy: u * sin + v * cos, width: u1 - u0, height: v1 - v0, angle };
}

function upright({ cx, cy, width, height, angle }: Rectangle): Rectangle {
  const quarters = Math.ceil((angle - Math.PI / 4) / (Math.PI / 2) - 1e-9);
  const swapped = Math.abs(quarters) % 2 === 1;
  return {
    cx,
    cy,
    width: swapped ? height : width,
    height: swapped ? width : height,
    angle: angle - (quarters * Math.PI) / 2,
  };
}

/** Andrew's monotone chain. */
export function convexHull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted;
  return [...chain(sorted), ...chain(sorted.reverse())];
}

function chain(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
    kept.push(point);
  }
  kept.pop();
  return kept;
}

function turn(o: Point | undefined, a: Point | undefined, b: Point): number {
  if (!o || !a) return 1;
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}
