/** An image as raw RGB, three bytes a pixel. */
export interface Raster {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Turned clockwise by a quarter. */
export function turnQuarter({ data, width, height }: Raster): Raster {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = (x * height + height - 1 - y) * 3;
      turned[to] = data[from] ?? 0;
      turned[to + 1] = data[from + 1] ?? 0;
      turned[to + 2] = data[from + 2] ?? 0;
    }
  }
  return { data: turned, width: height, height: width };
}

/** Upside down. */
export function turnHalf({ data, width, height }: Raster): Raster {
  const turned = new Uint8Array(data.length);
  for (let from = 0, to = data.length - 3; to >= 0; from += 3, to -= 3) {
    turned[to] = data[from] ?? 0;
    turned[to + 1] = data[from + 1] ?? 0;
    turned[to + 2] = data[from + 2] ?? 0;
  }
  return { data: turned, width, height };
}

/** A part of an image; it must lie inside. */
export function cutOut(image: Raster, left: number, top: number, width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { data, width, height };
}
