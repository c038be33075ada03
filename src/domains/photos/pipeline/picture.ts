import type { Mat, OpenCv } from './opencv-api.js';
import type { Keep } from './opencv.js';

/** Pixels row by row, 8 bits a channel, red first, no alpha, no padding. */
export interface Picture {
  data: Buffer;
  width: number;
  height: number;
}

/** As `Picture`, with one channel. */
export interface GreyPicture extends Picture {
  channels: 1;
}

export function matOf(cv: OpenCv, keep: Keep, { data, width, height }: Picture): Mat {
  const mat = keep(new cv.Mat(height, width, cv.CV_8UC3));
  mat.data.set(data);
  return mat;
}

export function pictureOf(mat: Mat): Picture {
  return { data: Buffer.from(mat.data), width: mat.cols, height: mat.rows };
}
