import { area, sidesOf, type Side } from './geometry.js';
import { colourAt, type Colour, type LabImage } from './lab-image.js';
import type { Candidate } from './paper-candidates.js';

export interface ScoredPaper extends Candidate {
  score: number;
}

/** A step from paper to table: this much lighter, or as light and of another colour. */
const LIGHTER = 8;
const COLOURED = 9;
/** Share of a side's points that must show such a step: on average, and on the worst side. */
const MEAN = 0.7;
const WORST = 0.45;
const POINTS_A_SIDE = 39;

/** How well a candidate's sides are a paper's edges; undefined where they are not. */
export function scored(lab: LabImage, candidate: Candidate): ScoredPaper | undefined {
  const sides = sidesOf(candidate.quad);
  const shares = sides.map((side) => stepShare(lab, side)).filter((share) => share !== undefined);
  // A receipt may run out of the frame, but two edges have to be seen.
  if (shares.length < 2) return undefined;
  const worst = Math.min(...shares);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  if (worst < WORST || mean < MEAN) return undefined;
  const size = area(candidate.quad);
  const score =
    (mean * 0.6 + worst * 0.4) *
    (size / (lab.width * lab.height)) ** 0.35 *
    (candidate.hullArea / size) ** 0.5 *
    (1 - 0.06 * (sides.length - shares.length)) *
    (candidate.fourCorners ? 1.05 : 1);
  return { ...candidate, score };
}

/** True where a side is the photo's own border. */
export function onFrame({ middle }: Side, { width, height }: LabImage): boolean {
  const near = (value: number, size: number) => value < size * 0.015 || value > size * 0.985;
  return near(middle.x, width) || near(middle.y, height);
}

function stepShare(lab: LabImage, side: Side): number | undefined {
  if (onFrame(side, lab)) return undefined;
  const away = Math.max(lab.width, lab.height) * 0.008;
  let seen = 0;
  let steps = 0;
  for (let i = 1; i <= POINTS_A_SIDE; i++) {
    const along = (side.length * i) / (POINTS_A_SIDE + 1);
    const x = side.from.x + side.along.x * along;
    const y = side.from.y + side.along.y * along;
    if (x < away || y < away || x > lab.width - away || y > lab.height - away) continue;
    seen++;
    if (isStep(beside(lab, side, x, y, away), beside(lab, side, x, y, -away))) steps++;
  }
  return seen > 8 ? steps / seen : undefined;
}

function isStep(inside: Colour, outside: Colour): boolean {
  const lighter = inside.l - outside.l;
  if (lighter > LIGHTER) return true;
  return lighter > -LIGHTER && Math.hypot(inside.a - outside.a, inside.b - outside.b) > COLOURED;
}

/** Three pixels deep: the median of the lightness (letters near the edge are dark), the mean of the colour. */
function beside(lab: LabImage, { inward }: Side, x: number, y: number, away: number): Colour {
  const found = [0.8, 1.6, 2.4].map((far) =>
    colourAt(lab, Math.floor(x + inward.x * away * far), Math.floor(y + inward.y * away * far)),
  );
  const light = found.map(({ l }) => l).sort((a, b) => a - b);
  const mean = (of: 'a' | 'b') => found.reduce((sum, colour) => sum + colour[of], 0) / found.length;
  return { l: light[1] ?? 0, a: mean('a'), b: mean('b') };
}
