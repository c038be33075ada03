import type { Paper } from './find-paper.js';
import type { OpenCv } from './opencv-api.js';
import { scoped } from './opencv.js';
import { matOf, pictureOf, type Picture } from './picture.js';
import type { Skew } from './skew.js';

const SURE = 1.5;
const NOT_WORTH_IT = 0.3;
/** On a whole photo the profile can lock onto the table's pattern: only small angles are believed there. */
const MOST_ON_A_PHOTO = 5;
const MOST_ON_A_PAGE = 14.5;

/** Degrees to turn a picture by; 0 where it is straight, where its angle is unsure, and where each paper has its own. */
export function turnFor({ angle, sureness }: Skew, { quad, papers }: Pick<Paper, 'quad' | 'papers'>): number {
  if (papers > 1) return 0;
  const most = quad ? MOST_ON_A_PAGE : MOST_ON_A_PHOTO;
  const size = Math.abs(angle);
  return sureness > SURE && size >= NOT_WORTH_IT && size <= most ? angle : 0;
}

/** Turned by as many degrees counter-clockwise, on a canvas that is large enough for all of it. */
export function turned(cv: OpenCv, picture: Picture, degrees: number): Picture {
  return scoped(cv, (keep) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.abs(Math.sin((degrees * Math.PI) / 180))];
    const width = Math.round(picture.width * cos + picture.height * sin);
    const height = Math.round(picture.height * cos + picture.width * sin);
    const middle = new cv.Point(picture.width / 2, picture.height / 2);
    const by = keep(cv.getRotationMatrix2D(middle, degrees, 1));
    addTo(by.doublePtr(0, 2), (width - picture.width) / 2);
    addTo(by.doublePtr(1, 2), (height - picture.height) / 2);
    const page = keep(new cv.Mat());
    const size = new cv.Size(width, height);
    const flags = cv.INTER_LINEAR;
    cv.warpAffine(matOf(cv, keep, picture), page, by, size, flags, cv.BORDER_REPLICATE, new cv.Scalar());
    return pictureOf(page);
  });
}

function addTo(cell: Float64Array, value: number): void {
  cell[0] = (cell[0] ?? 0) + value;
}
