import { asQuad, crossing, distance, sidesOf, type Point, type Quad, type Side } from './geometry.js';
import { colourAt, type LabImage } from './lab-image.js';
import { fitLine, type Sample } from './line-fit.js';
import { onFrame } from './paper-edges.js';

/** How far an edge may lie from where the outline put it, as a share of the long side. */
const REACH = 0.014;
const WEAKEST_STEP = 14;
/** A nearer step is preferred: points lost per pixel. */
const PER_PIXEL = 0.4;

/** Moves each side to the strongest step in lightness and colour close by; the quad as it was where that is unsure. */
export function refined(lab: LabImage, quad: Quad): Quad {
  const reach = Math.max(lab.width, lab.height) * REACH;
  const lines = sidesOf(quad).map((side) => movedSide(lab, side, reach));
  const corners: Point[] = [];
  for (const [i, corner] of quad.entries()) {
    const [before, after] = [lines[(i + 3) % 4], lines[i]];
    const moved = before && after && crossing(...before, ...after);
    if (!moved || distance(moved, corner) > reach * 3) return quad;
    corners.push(moved);
  }
  return asQuad(corners);
}

function movedSide(lab: LabImage, side: Side, reach: number): [Point, Point] {
  const line = onFrame(side, lab) ? undefined : fitLine(edgeSamples(lab, side, reach));
  if (!line) return [side.from, side.to];
  const shifted = (point: Point, by: number) => ({
    x: point.x + side.inward.x * by,
    y: point.y + side.inward.y * by,
  });
  return [shifted(side.from, line.start), shifted(side.to, line.start + line.slope * side.length)];
}

/** For places along the side, how far inward the strongest step is. */
function edgeSamples(lab: LabImage, side: Side, reach: number): Sample[] {
  const samples: Sample[] = [];
  for (let i = 2; i <= 58; i++) {
    const along = (side.length * i) / 60;
    let best = { strength: WEAKEST_STEP, inward: 0, found: false };
    for (let inward = -reach; inward <= reach; inward += 0.5) {
      const strength = stepAt(lab, side, along, inward) - Math.abs(inward) * PER_PIXEL;
      if (strength > best.strength) best = { strength, inward, found: true };
    }
    if (best.found) samples.push({ along, off: best.inward });
  }
  return samples;
}

function stepAt(lab: LabImage, { from, along, inward }: Side, far: number, deep: number): number {
  const at = (depth: number) =>
    colourAt(lab, from.x + along.x * far + inward.x * depth, from.y + along.y * far + inward.y * depth);
  return [1, 2.5].reduce((sum, apart) => {
    const [inside, outside] = [at(deep + apart), at(deep - apart)];
    return sum + inside.l - outside.l + 0.7 * Math.hypot(inside.a - outside.a, inside.b - outside.b);
  }, 0);
}
