import type { OpenCv } from './opencv-api.js';
import { scoped } from './opencv.js';
import { matOf, pictureOf, type GreyPicture, type Picture } from './picture.js';

/** What the paper becomes, out of 255. */
const PAPER = 245;

/** Grey on even white, for people's eyes: each pixel is divided by the paper around it. Readers do better in colour. */
export function whitened(cv: OpenCv, picture: Picture): GreyPicture {
  return scoped(cv, (keep) => {
    const { width, height } = picture;
    const grey = keep(new cv.Mat());
    cv.cvtColor(matOf(cv, keep, picture), grey, cv.COLOR_RGB2GRAY);
    const paper = keep(new cv.Mat());
    const quarter = new cv.Size(Math.max(8, width >> 2), Math.max(8, height >> 2));
    cv.resize(grey, paper, quarter, 0, 0, cv.INTER_AREA);
    const disc = keep(cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(9, 9)));
    cv.morphologyEx(paper, paper, cv.MORPH_CLOSE, disc);
    cv.medianBlur(paper, paper, 21);
    const wide = keep(new cv.Mat());
    cv.resize(paper, wide, new cv.Size(width, height), 0, 0, cv.INTER_LINEAR);
    cv.divide(grey, wide, grey, PAPER);
    cv.medianBlur(grey, grey, 3);
    return { ...pictureOf(grey), channels: 1 };
  });
}
