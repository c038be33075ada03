import { cutOut, turnHalf, turnQuarter, type Raster } from './raster.js';

const grey = (width: number, height: number, values: number[]): Raster => ({
  width,
  height,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});
const values = ({ data }: Raster) => [...data].filter((_, i) => i % 3 === 0);

describe('turning an image', () => {
  const image = grey(3, 2, [1, 2, 3, 4, 5, 6]);

  it('by a quarter, clockwise', () => {
    const turned = turnQuarter(image);
    expect([turned.width, turned.height]).toEqual([2, 3]);
    expect(values(turned)).toEqual([4, 1, 5, 2, 6, 3]);
  });

  it('by a half', () => {
    expect(values(turnHalf(image))).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('cuts out a part', () => {
    expect(values(cutOut(image, 1, 0, 2, 2))).toEqual([2, 3, 5, 6]);
  });
});
