import type { Box } from '../reading.js';
import type { Row } from '../row.js';
import type { ReadPage } from './read-lines.js';

/** Boxes on an image that was turned to be read, as they stand on the image as it was given. */
export function turnBack(rows: readonly Row[], { turned, image }: Pick<ReadPage, 'turned' | 'image'>): Row[] {
  const back = (box: Box) => rounded(BACK[turned](box, image.width, image.height));
  return rows.map((row) => ({
    ...row,
    box: row.box && back(row.box),
    parts: row.parts.map((part) => ({ ...part, box: back(part.box) })),
  }));
}

/** By how many degrees clockwise the image was turned; width and height are those of the turned one. */
const BACK: Readonly<Record<ReadPage['turned'], (box: Box, width: number, height: number) => Box>> = {
  0: (box) => box,
  90: ({ x, y, width, height }, whole) => ({ x: y, y: whole - x - width, width: height, height: width }),
  180: ({ x, y, width, height }, whole, high) => ({ x: whole - x - width, y: high - y - height, width, height }),
  270: ({ x, y, width, height }, _whole, high) => ({ x: high - y - height, y: x, width: height, height: width }),
};

const rounded = ({ x, y, width, height }: Box): Box => ({
  x: Math.round(x),
  y: Math.round(y),
  width: Math.round(width),
  height: Math.round(height),
});
