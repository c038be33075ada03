import type { Quad } from '../pipeline/geometry.js';
import type { Picture } from '../pipeline/picture.js';
import { ontoPage } from './homography.js';
import { seeded } from './seeded.js';
import { tables, type TableName } from './tables.js';

export interface SheetInScene {
  page: Picture;
  /** Where the page's corners lie in the photo. */
  quad: Quad;
}

export interface Scene {
  width: number;
  height: number;
  table: TableName;
  sheets: SheetInScene[];
  /** Darkness of a soft shadow over one side, 0 to 1. */
  shadow?: number;
  seed?: number;
  /** Noise of the camera, out of 255. */
  grain?: number;
}

type Rgb = [number, number, number];

/** A photo of sheets on a table: perspective, a shadow, uneven light, and the noise of a small camera. */
export function photographed({ width, height, table, sheets, shadow = 0, seed = 1, grain = 7 }: Scene): Picture {
  const data = Buffer.alloc(width * height * 3);
  const random = seeded(seed);
  const wood = tables[table](seeded(seed + 1));
  const light = lighting(width, height, shadow, seeded(seed + 2));
  const placed = sheets.map(({ page, quad }) => ({ page, onto: ontoPage(quad) }));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = wood(x, y);
      for (const sheet of placed) onSheet(sheet, x, y, colour);
      const lit = light(x, y);
      const noise = (random() + random() - 1) * grain;
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) data[at + c] = clamped((colour[c] ?? 0) * lit + noise);
    }
  }
  return { data, width, height };
}

interface PlacedSheet {
  page: Picture;
  onto: ReturnType<typeof ontoPage>;
}

/** Four looks at each pixel, so that edges and letters are soft as in a photo. */
function onSheet({ page, onto }: PlacedSheet, x: number, y: number, colour: Rgb): void {
  const middle = onto(x + 0.5, y + 0.5);
  if (middle.x < -0.02 || middle.x > 1.02 || middle.y < -0.02 || middle.y > 1.02) return;
  let covered = 0;
  const sum = [0, 0, 0];
  for (const [right, down] of LOOKS) {
    const { x: u, y: v } = onto(x + right, y + down);
    if (u < 0 || u >= 1 || v < 0 || v >= 1) continue;
    covered++;
    const at = (((v * page.height) | 0) * page.width + ((u * page.width) | 0)) * 3;
    for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + (page.data[at + c] ?? 0);
  }
  for (let c = 0; c < 3; c++) {
    colour[c] = ((colour[c] ?? 0) * (LOOKS.length - covered) + (sum[c] ?? 0)) / LOOKS.length;
  }
}

const clamped = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : value);

// Jest looks each global up anew, which shows in loops over pixels.
const { exp } = Math;

const LOOKS = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
] as const;

function lighting(width: number, height: number, shadow: number, random: () => number) {
  const direction = random() * Math.PI * 2;
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  const border = (random() - 0.5) * 0.3;
  return (x: number, y: number) => {
    const far = (x / width - 0.5) * cos + (y / height - 0.5) * sin;
    const inShadow = 1 / (1 + exp(-(far - border) * 18));
    return 0.97 + far * 0.08 - shadow * inShadow;
  };
}
