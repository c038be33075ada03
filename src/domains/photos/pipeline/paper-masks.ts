import type { LabImage } from './lab-image.js';
import type { Mat, OpenCv } from './opencv-api.js';
import type { Keep } from './opencv.js';

/** Black and white drawings of where paper may be: filled areas, and outlines. */
export interface PaperMasks {
  areas: Mat[];
  outlines: Mat[];
  lightness: Mat;
}

/** Paper is bright and hardly coloured; chroma below this is the camera's white balance. */
const WHITE_BALANCE = 6;
const CHROMA_WEIGHT = 1.5;

const { sqrt } = Math;

export function paperMasks(cv: OpenCv, keep: Keep, lab: LabImage): PaperMasks {
  const { paperness, lightness } = channels(cv, keep, lab);
  const long = Math.max(lab.width, lab.height);
  const square = (share: number) => {
    const side = Math.max(3, Math.round(long * share) | 1);
    return keep(cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(side, side)));
  };
  const [small, middle, large] = [square(0.0045), square(0.01), square(0.027)];
  const above = (from: Mat, level: number, kind = cv.THRESH_BINARY) => {
    const mask = keep(new cv.Mat());
    const used = cv.threshold(from, mask, level, 255, kind);
    cv.morphologyEx(mask, mask, cv.MORPH_CLOSE, large);
    cv.morphologyEx(mask, mask, cv.MORPH_OPEN, large);
    return { mask, used };
  };
  const outline = (low: number, high: number) => {
    const mask = keep(new cv.Mat());
    cv.Canny(lightness, mask, low, high);
    cv.dilate(mask, mask, small);
    cv.morphologyEx(mask, mask, cv.MORPH_CLOSE, middle);
    return mask;
  };
  const otsu = above(paperness, 0, cv.THRESH_BINARY + cv.THRESH_OTSU);
  const others = [otsu.used - 25, otsu.used + 25].map((level) => above(paperness, level).mask);
  const inShadow = above(minusSurroundings(cv, keep, paperness), 6).mask;
  return { areas: [otsu.mask, ...others, inShadow], outlines: [outline(30, 90), outline(60, 160)], lightness };
}

function channels(cv: OpenCv, keep: Keep, lab: LabImage): { paperness: Mat; lightness: Mat } {
  const pixels = lab.width * lab.height;
  const light = new Uint8Array(pixels);
  const paper = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const l = lab.data[i * 3] ?? 0;
    const a = (lab.data[i * 3 + 1] ?? 0) - 128;
    const b = (lab.data[i * 3 + 2] ?? 0) - 128;
    const coloured = sqrt(a * a + b * b) - WHITE_BALANCE;
    const paperness = coloured > 0 ? l - CHROMA_WEIGHT * coloured : l;
    light[i] = l;
    paper[i] = paperness > 0 ? paperness : 0;
  }
  const grey = (values: Uint8Array) => {
    const mat = keep(new cv.Mat(lab.height, lab.width, cv.CV_8UC1));
    mat.data.set(values);
    return mat;
  };
  return { paperness: grey(paper), lightness: grey(light) };
}

/** What is brighter than its wide surroundings: finds paper that lies half in a shadow. */
function minusSurroundings(cv: OpenCv, keep: Keep, paperness: Mat): Mat {
  const { cols, rows } = paperness;
  const small = keep(new cv.Mat());
  const wide = keep(new cv.Mat());
  const difference = keep(new cv.Mat());
  cv.resize(paperness, small, new cv.Size(Math.max(8, cols >> 3), Math.max(8, rows >> 3)), 0, 0, cv.INTER_AREA);
  cv.GaussianBlur(small, small, new cv.Size(0, 0), Math.max(cols, rows) / 40);
  cv.resize(small, wide, new cv.Size(cols, rows), 0, 0, cv.INTER_LINEAR);
  cv.subtract(paperness, wide, difference);
  return difference;
}
