import type { Raster } from './raster.js';
import type { TextBox } from './text-box.js';

/** The height of the lines that the recogniser was trained on. */
export const LINE_HEIGHT = 48;
const WIDEST = 2400;
/** A little more above and below than the detector's box: measured, a quarter of the misread letters less. */
const TALLER = 1.1;
const MOST_SAMPLES = 4;

/**
 * One line of text cut out of the full-resolution image, straightened. Where the line shrinks, each pixel is the mean
 * of several samples: plain bilinear sampling would lose thin strokes.
 */
export function cropLine(image: Raster, box: TextBox, height = LINE_HEIGHT): Raster {
  const width = Math.min(WIDEST, Math.max(8, Math.round((box.width / box.height) * height)));
  const line = new Uint8Array(width * height * 3);
  const tall = box.height * TALLER;
  const [stepX, stepY] = [box.width / width, tall / height];
  const samples = Math.max(1, Math.min(MOST_SAMPLES, Math.round(Math.max(stepX, stepY))));
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
  const [lastX, lastY] = [image.width - 1.001, image.height - 1.001];
  const { data } = image;
  const next = image.width * 3;
  const share = 1 / (samples * samples);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < samples; j++) {
        const v = (y + (j + 0.5) / samples) * stepY - tall / 2;
        for (let i = 0; i < samples; i++) {
          const u = (x + (i + 0.5) / samples) * stepX - box.width / 2;
          const sx = Math.min(lastX, Math.max(0, box.cx + u * cos - v * sin - 0.5));
          const sy = Math.min(lastY, Math.max(0, box.cy + u * sin + v * cos - 0.5));
          const [left, top] = [Math.floor(sx), Math.floor(sy)];
          const [fx, fy] = [sx - left, sy - top];
          const at = (top * image.width + left) * 3;
          const [a, b, c, d] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
          red += four(data, at, next, a, b, c, d);
          green += four(data, at + 1, next, a, b, c, d);
          blue += four(data, at + 2, next, a, b, c, d);
        }
      }
      line[to] = red * share;
      line[to + 1] = green * share;
      line[to + 2] = blue * share;
    }
  }
  return { data: line, width, height };
}

function four(data: Uint8Array, at: number, next: number, a: number, b: number, c: number, d: number): number {
  return (data[at] ?? 0) * a + (data[at + 3] ?? 0) * b + (data[at + next] ?? 0) * c + (data[at + next + 3] ?? 0) * d;
}
