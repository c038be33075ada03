import type { OpenCv } from './opencv-api.js';
import { scoped } from './opencv.js';
import { matOf, type Picture } from './picture.js';

export interface Skew {
  /** Degrees; above zero where the rows fall to the right. */
  angle: number;
  /** Sharpness of the best angle over the mean of all: about 1 where there are no rows. */
  sureness: number;
}

const SIDE = 800;
const POINTS = 40_000;
const RANGE = 15;
const FEWEST_POINTS = 200;

/** Angle of the rows, by the sharpest projection profile of the ink: first in steps of half a degree, then of a tenth. */
export function skewOf(cv: OpenCv, picture: Picture): Skew {
  const ink = inkPoints(cv, picture);
  if (ink.x.length < FEWEST_POINTS) return { angle: 0, sureness: 0 };
  const profile = new Float64Array(2 * Math.ceil(Math.hypot(SIDE, SIDE)) + 2);
  const coarse = angles(-RANGE, RANGE, 0.5).map((angle) => ({ angle, sharp: sharpness(ink, angle, profile) }));
  const sharper = (a: { angle: number; sharp: number }, b: typeof a) => (b.sharp > a.sharp ? b : a);
  const rough = coarse.reduce(sharper);
  const fine = angles(rough.angle - 0.5, rough.angle + 0.5, 0.1);
  const best = fine.map((angle) => ({ angle, sharp: sharpness(ink, angle, profile) })).reduce(sharper, rough);
  const mean = coarse.reduce((sum, { sharp }) => sum + sharp, 0) / coarse.length;
  return { angle: Math.round(best.angle * 10) / 10, sureness: best.sharp / mean };
}

const angles = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);

interface Ink {
  x: number[];
  y: number[];
}

/** Dark points around the middle of the picture; the margins hold the paper's own edges. */
function inkPoints(cv: OpenCv, picture: Picture): Ink {
  return scoped(cv, (keep) => {
    const grey = keep(new cv.Mat());
    cv.cvtColor(matOf(cv, keep, picture), grey, cv.COLOR_RGB2GRAY);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    cv.resize(grey, grey, new cv.Size(width, height), 0, 0, cv.INTER_AREA);
    const ink = keep(new cv.Mat());
    cv.adaptiveThreshold(grey, ink, 255, cv.ADAPTIVE_THRESH_MEAN_C, cv.THRESH_BINARY_INV, 31, 14);
    const dots = ink.data;
    const [left, top] = [Math.floor(width * 0.04), Math.floor(height * 0.03)];
    const all: Ink = { x: [], y: [] };
    for (let y = top; y < height - top; y++) {
      for (let x = left; x < width - left; x++) {
        if (!dots[y * width + x]) continue;
        all.x.push(x - width / 2);
        all.y.push(y - height / 2);
      }
    }
    const step = Math.ceil(all.x.length / POINTS);
    const some = (values: number[]) => values.filter((_, i) => i % step === 0);
    return step > 1 ? { x: some(all.x), y: some(all.y) } : all;
  });
}

function sharpness({ x, y }: Ink, degrees: number, profile: Float64Array): number {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const zero = profile.length / 2;
  profile.fill(0);
  for (let i = 0; i < x.length; i++) {
    const row = ((y[i] ?? 0) * cos - (x[i] ?? 0) * sin + zero) | 0;
    profile[row] = (profile[row] ?? 0) + 1;
  }
  let sum = 0;
  for (let row = 1; row < profile.length; row++) {
    const step = (profile[row] ?? 0) - (profile[row - 1] ?? 0);
    sum += step * step;
  }
  return sum;
}
