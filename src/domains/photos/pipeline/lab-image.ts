import type { Mat, OpenCv } from './opencv-api.js';
import { scoped } from './opencv.js';

/** CIE L*a*b* as OpenCV packs it: three bytes a pixel, lightness 0–255, a and b around 128. */
export interface LabImage {
  data: Uint8Array;
  width: number;
  height: number;
}

export interface Colour {
  l: number;
  a: number;
  b: number;
}

/** Of a slightly blurred copy: single noisy pixels are no edges. */
export function labOf(cv: OpenCv, rgb: Mat): LabImage {
  return scoped(cv, (keep) => {
    const smooth = keep(new cv.Mat());
    const lab = keep(new cv.Mat());
    cv.blur(rgb, smooth, new cv.Size(3, 3));
    cv.cvtColor(smooth, lab, cv.COLOR_RGB2Lab);
    return { data: Uint8Array.from(lab.data), width: lab.cols, height: lab.rows };
  });
}

/** The pixel at a place; the nearest one where the place is outside. */
export function colourAt({ data, width, height }: LabImage, x: number, y: number): Colour {
  // Called a million times a photo: cheaper than Math's functions, and both coordinates are hardly ever negative.
  const column = x < 0 ? 0 : x > width - 1 ? width - 1 : (x + 0.5) | 0;
  const row = y < 0 ? 0 : y > height - 1 ? height - 1 : (y + 0.5) | 0;
  const at = (row * width + column) * 3;
  return { l: data[at] ?? 0, a: data[at + 1] ?? 0, b: data[at + 2] ?? 0 };
}

export const hueDistance = (a: Pick<Colour, 'a' | 'b'>, b: Pick<Colour, 'a' | 'b'>): number =>
  Math.hypot(a.a - b.a, a.b - b.b);
