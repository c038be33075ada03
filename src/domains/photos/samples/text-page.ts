import type { Picture } from '../pipeline/picture.js';
import { seeded } from './seeded.js';

/** A white sheet with rows of letter-like dark marks, as a receipt looks from afar. */
export function textPage(width = 500, height = 900, { seed = 7, paper = 244 } = {}): Picture {
  const data = Buffer.alloc(width * height * 3, paper);
  const random = seeded(seed);
  for (let top = height * 0.05; top < height * 0.95; top += 26) {
    for (let left = width * 0.07; left < width * 0.9; left += 13) {
      if (random() < 0.2) continue;
      letter(data, width, Math.round(left), Math.round(top), random);
    }
  }
  return { data, width, height };
}

/** Two strokes up and one across: no filled block, so that it looks like print at any size. */
function letter(data: Buffer, width: number, left: number, top: number, random: () => number): void {
  const across = top + Math.floor(random() * 14);
  const fill = (x: number, y: number) => data.fill(30, (y * width + x) * 3, (y * width + x) * 3 + 3);
  for (let y = top; y < top + 16; y++) for (const x of [left, left + 1, left + 7, left + 8]) fill(x, y);
  for (let x = left; x < left + 9; x++) for (const y of [across, across + 1]) fill(x, y);
}
