export interface Point {
  x: number;
  y: number;
}

/** Four corners in reading order of an upright page: top left, top right, bottom right, bottom left. */
export type Quad = readonly [Point, Point, Point, Point];

export interface Side {
  from: Point;
  to: Point;
  middle: Point;
  length: number;
  /** Unit vector along the side. */
  along: Point;
  /** Unit vector at a right angle to the side, into the shape. */
  inward: Point;
}

export function asQuad(points: readonly Point[]): Quad {
  const [a, b, c, d] = points;
  if (!a || !b || !c || !d || points.length !== 4) throw new Error(`a quad has 4 corners, not ${points.length}`);
  return [a, b, c, d];
}

/** Starts at the corner next to the picture's top left one and goes clockwise. */
export function inOrder(points: readonly Point[]): Quad {
  const middle = centre(points);
  const angle = (p: Point) => Math.atan2(p.y - middle.y, p.x - middle.x);
  const round = [...points].sort((a, b) => angle(a) - angle(b));
  const sums = round.map(({ x, y }) => x + y);
  const first = sums.indexOf(Math.min(...sums));
  return asQuad([...round.slice(first), ...round.slice(0, first)]);
}

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export function centre(points: readonly Point[]): Point {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** Pairs of neighbours, the last one with the first. */
export function edges(points: readonly Point[]): [Point, Point][] {
  return points.map((from, i) => [from, points[(i + 1) % points.length] ?? from]);
}

/** Above zero where the points go clockwise on a screen. */
const turn = (points: readonly Point[]): number =>
  edges(points).reduce((sum, [a, b]) => sum + a.x * b.y - b.x * a.y, 0) / 2;

export const area = (points: readonly Point[]): number => Math.abs(turn(points));

export const grown = (quad: Quad, by: number): Quad => {
  const middle = centre(quad);
  return asQuad(quad.map(({ x, y }) => ({ x: middle.x + (x - middle.x) * by, y: middle.y + (y - middle.y) * by })));
};

export function contains(convex: readonly Point[], point: Point): boolean {
  const direction = Math.sign(turn(convex));
  return edges(convex).every(([a, b]) => direction * beside(a, b, point) >= 0);
}

/** Area that a polygon shares with a convex one (Sutherland and Hodgman: cut by one side after the other). */
export function sharedArea(polygon: readonly Point[], convex: readonly Point[]): number {
  const direction = Math.sign(turn(convex));
  let left = [...polygon];
  for (const [a, b] of edges(convex)) {
    const inside = (p: Point) => direction * beside(a, b, p) >= 0;
    left = edges(left).flatMap(([p, q]) => {
      const kept = inside(p) ? [p] : [];
      return inside(p) === inside(q) ? kept : [...kept, crossing(p, q, a, b) ?? p];
    });
    if (left.length < 3) return 0;
  }
  return area(left);
}

/** Where the line through `a`, `b` meets the one through `c`, `d`; undefined where they run alongside. */
export function crossing(a: Point, b: Point, c: Point, d: Point): Point | undefined {
  const across = (b.x - a.x) * (d.y - c.y) - (b.y - a.y) * (d.x - c.x);
  if (Math.abs(across) < 1e-6) return undefined;
  const share = ((c.x - a.x) * (d.y - c.y) - (c.y - a.y) * (d.x - c.x)) / across;
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
}

/** Largest |cosine| of the corners: 0 for a rectangle, .5 where one has 60° or 120°. */
export function sharpest(quad: Quad): number {
  const cosines = quad.map((corner, i) => {
    const before = quad[(i + 3) % 4] ?? corner;
    const after = quad[(i + 1) % 4] ?? corner;
    const dot = (before.x - corner.x) * (after.x - corner.x) + (before.y - corner.y) * (after.y - corner.y);
    return Math.abs(dot) / (distance(before, corner) * distance(after, corner) + 1e-9);
  });
  return Math.max(...cosines);
}

export function sidesOf(quad: Quad): Side[] {
  const inner = centre(quad);
  return edges(quad).map(([from, to]) => {
    const length = distance(from, to) || 1e-9;
    const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
    const middle = centre([from, to]);
    const towards = (inner.x - middle.x) * -along.y + (inner.y - middle.y) * along.x < 0 ? -1 : 1;
    return { from, to, middle, length, along, inward: { x: -along.y * towards, y: along.x * towards } };
  });
}

const beside = (a: Point, b: Point, p: Point): number => (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
