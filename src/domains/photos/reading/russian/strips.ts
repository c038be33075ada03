import { cropLine } from '../ocr/crop.js';
import type { Raster } from '../ocr/raster.js';
import type { TextBox } from '../ocr/text-box.js';

const HEIGHT = 40;
const BETWEEN_ROWS = 22;
const BETWEEN_BOXES = 36;
const EDGE = 20;

/** Rows of boxes, straightened, cleaned of their background and stacked on white: grey, one byte a pixel. */
export interface Strips {
  data: Uint8Array;
  width: number;
  height: number;
}

export function stackStrips(image: Raster, rows: readonly (readonly TextBox[])[]): Strips {
  const lines = rows.map((boxes) => boxes.map((box) => cropLine(image, box, HEIGHT)));
  const widthOf = (row: readonly Raster[]) => row.reduce((sum, { width }) => sum + width + BETWEEN_BOXES, 0);
  const width = Math.max(...lines.map(widthOf), 0) + 2 * EDGE;
  const height = lines.length * (HEIGHT + BETWEEN_ROWS) + 2 * EDGE;
  const data = new Uint8Array(width * height).fill(255);
  lines.forEach((row, index) => {
    let left = EDGE;
    for (const line of row) {
      paste(data, width, stretched(line), line.width, left, EDGE + index * (HEIGHT + BETWEEN_ROWS));
      left += line.width + BETWEEN_BOXES;
    }
  });
  return { data, width, height };
}

/** Which of the stacked rows a height on the canvas belongs to. */
export const rowAt = (y: number) => Math.floor((y - EDGE + BETWEEN_ROWS / 2) / (HEIGHT + BETWEEN_ROWS));

function paste(data: Uint8Array, width: number, line: Uint8Array, lineWidth: number, left: number, top: number): void {
  for (let y = 0; y < HEIGHT; y++)
    data.set(line.subarray(y * lineWidth, (y + 1) * lineWidth), (top + y) * width + left);
}

/** From the ink, the 2nd percentile, to the paper, the 65th: black on white whatever the light was. */
function stretched({ data, width, height }: Raster): Uint8Array {
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = ((data[3 * i] ?? 0) * 77 + (data[3 * i + 1] ?? 0) * 150 + (data[3 * i + 2] ?? 0) * 29) >> 8;
  }
  const sorted = Uint8Array.from(grey).sort();
  const ink = sorted[Math.floor(sorted.length * 0.02)] ?? 0;
  const paper = Math.max(ink + 20, sorted[Math.floor(sorted.length * 0.65)] ?? 255);
  return grey.map((value) => Math.min(255, Math.max(0, ((value - ink) * 255) / (paper - ink))));
}
