import { distance, grown, type Quad } from './geometry.js';
import type { OpenCv } from './opencv-api.js';
import { scoped } from './opencv.js';
import { matOf, pictureOf, type Picture } from './picture.js';

/** Kept around the paper: a corner that is a little off must not cost a letter. */
const MARGIN = 0.012;

/** The quad as a page seen from above; what lies outside the photo repeats its border. */
export function straightened(cv: OpenCv, picture: Picture, quad: Quad): Picture {
  return scoped(cv, (keep) => {
    const wide = grown(quad, 1 + MARGIN);
    const [a, b, c, d] = wide;
    const width = Math.max(1, Math.round(Math.max(distance(a, b), distance(d, c))));
    const height = Math.max(1, Math.round(Math.max(distance(a, d), distance(b, c))));
    const corners = (values: number[]) => keep(cv.matFromArray(4, 1, cv.CV_32FC2, values));
    const from = corners(wide.flatMap(({ x, y }) => [x, y]));
    const by = keep(cv.getPerspectiveTransform(from, corners([0, 0, width, 0, width, height, 0, height])));
    const page = keep(new cv.Mat());
    const size = new cv.Size(width, height);
    const flags = cv.INTER_LINEAR;
    cv.warpPerspective(matOf(cv, keep, picture), page, by, size, flags, cv.BORDER_REPLICATE, new cv.Scalar());
    return pictureOf(page);
  });
}
