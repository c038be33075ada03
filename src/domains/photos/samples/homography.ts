import type { Point, Quad } from '../pipeline/geometry.js';

/** Where a point of the photo lies on the page, whose corners are (0, 0), (1, 0), (1, 1), (0, 1) (Heckbert 1989). */
export function ontoPage([a, b, c, d]: Quad): (x: number, y: number) => Point {
  const [dx1, dx2, sx] = [b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x];
  const [dy1, dy2, sy] = [b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y];
  const across = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / across;
  const h = (dx1 * sy - sx * dy1) / across;
  // The page onto the photo, row by row; then its inverse by the adjugate (the scale falls out).
  const m = [b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x, b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y, g, h, 1];
  const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0, m6 = 0, m7 = 0, m8 = 0] = m;
  const u = [m4 * m8 - m5 * m7, m2 * m7 - m1 * m8, m1 * m5 - m2 * m4] as const;
  const v = [m5 * m6 - m3 * m8, m0 * m8 - m2 * m6, m2 * m3 - m0 * m5] as const;
  const w = [m3 * m7 - m4 * m6, m1 * m6 - m0 * m7, m0 * m4 - m1 * m3] as const;
  return (x, y) => {
    const depth = w[0] * x + w[1] * y + w[2];
    return { x: (u[0] * x + u[1] * y + u[2]) / depth, y: (v[0] * x + v[1] * y + v[2]) / depth };
  };
}
