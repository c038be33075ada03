import { area, contains, grown, type Quad } from './geometry.js';
import { colourAt, hueDistance, type Colour, type LabImage } from './lab-image.js';
import type { Mat, OpenCv } from './opencv-api.js';
import { scoped } from './opencv.js';

const MANY = 25;
const DENSE = 0.12;
const SAME_HUE = 9;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  ink: number;
}

/**
 * True where there is print outside the quad on paper of the same hue: the quad is then a part of the receipt (a table,
 * a logo, a brighter half), and cutting there would lose lines.
 */
export function textOutside(cv: OpenCv, lightness: Mat, lab: LabImage, quad: Quad): boolean {
  const wide = grown(quad, 1.05);
  const hue = typicalHue(lab, quad);
  const letters = letterBoxes(cv, lightness);
  const inside = letters.filter((box) => contains(wide, middleOf(box)));
  const outside = letters.filter((box) => !contains(wide, middleOf(box)) && onHue(lab, box, hue));
  const rest = Math.max(1, lab.width * lab.height - area(wide));
  const density = outside.length / rest / ((inside.length + 1) / area(quad));
  return outside.length >= MANY && density > DENSE;
}

function letterBoxes(cv: OpenCv, lightness: Mat): Box[] {
  return scoped(cv, (keep) => {
    const ink = keep(new cv.Mat());
    cv.adaptiveThreshold(lightness, ink, 255, cv.ADAPTIVE_THRESH_MEAN_C, cv.THRESH_BINARY_INV, 15, 10);
    const stats = keep(new cv.Mat());
    const labels = keep(new cv.Mat());
    const count = cv.connectedComponentsWithStats(ink, labels, stats, keep(new cv.Mat()), 8, cv.CV_32S);
    const numbers = stats.data32S;
    // Component 0 is the background.
    return Array.from({ length: count - 1 }, (_, i) => {
      const [x = 0, y = 0, width = 0, height = 0, size = 0] = numbers.subarray((i + 1) * 5, (i + 2) * 5);
      return { x, y, width, height, ink: size };
    }).filter(isLetter);
  });
}

/** Sizes of letters, or of words that ran together, on a copy of 640 px. */
const isLetter = ({ width, height, ink }: Box): boolean =>
  height >= 3 &&
  height <= 22 &&
  width >= 2 &&
  width <= 70 &&
  ink >= 6 &&
  width <= 14 * height &&
  height <= 4 * width &&
  ink >= 0.22 * width * height;

const middleOf = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });

type Hue = Pick<Colour, 'a' | 'b'>;

function typicalHue(lab: LabImage, [a, b, c, d]: Quad): Hue {
  const found: Colour[] = [];
  for (let i = 0; i < 400; i++) {
    const [right, down] = [((i % 20) + 0.5) / 20, (Math.floor(i / 20) + 0.5) / 20];
    const mix = (of: 'x' | 'y') =>
      (a[of] * (1 - right) + b[of] * right) * (1 - down) + (d[of] * (1 - right) + c[of] * right) * down;
    found.push(colourAt(lab, mix('x'), mix('y')));
  }
  const median = (of: 'a' | 'b') => found.map((colour) => colour[of]).sort((x, y) => x - y)[200] ?? 128;
  return { a: median('a'), b: median('b') };
}

function onHue(lab: LabImage, { x, y, width, height }: Box, hue: Hue): boolean {
  const around = [
    colourAt(lab, x - 2, y + height / 2),
    colourAt(lab, x + width + 2, y + height / 2),
    colourAt(lab, x + width / 2, y - 2),
    colourAt(lab, x + width / 2, y + height + 2),
  ];
  return around.filter((colour) => hueDistance(colour, hue) < SAME_HUE).length >= 3;
}
