import { rowsFrom } from '../testing/rows-from.js';
import { turnQuarter, turnHalf, type Raster } from './raster.js';
import { turnBack } from './turn-back.js';

const WIDTH = 400;
const HEIGHT = 300;

/** A white spot of one box on black. */
function spotted(x: number, y: number, width: number, height: number): Raster {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let row = y; row < y + height; row++) data.fill(255, (row * WIDTH + x) * 3, (row * WIDTH + x + width) * 3);
  return { data, width: WIDTH, height: HEIGHT };
}

function spotOn({ data, width, height }: Raster) {
  const at = Array.from({ length: width * height }, (_, i) => i).filter((i) => data[3 * i] === 255);
  const [xs, ys] = [at.map((i) => i % width), at.map((i) => Math.floor(i / width))];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}

describe('boxes on the image as it was given', () => {
  const given = spotted(30, 50, 80, 20);
  it.each([
    [90 as const, turnQuarter(given)],
    [180 as const, turnHalf(given)],
    [270 as const, turnQuarter(turnHalf(given))],
  ])('after it was turned by %s degrees', (turned, image) => {
    const [row] = rowsFrom('TOTAL');
    const read = row ? [{ ...row, box: spotOn(image) }] : [];
    expect(turnBack(read, { turned, image })[0]?.box).toEqual({ x: 30, y: 50, width: 80, height: 20 });
  });
});
