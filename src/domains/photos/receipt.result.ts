import type { Pictures } from './receipt-pictures.js';
import type { PhotoWork } from './pipeline/photo-tasks.js';
import type { Reading } from './reading/reading.js';

/** What the pipeline found out about the photo itself. */
export interface ImageFacts {
  /** Of the straightened picture: what boxes are measured in. */
  width: number;
  height: number;
  /** `found`: cut to the paper; everything else says why it was left whole. */
  paper: string;
  /** More than 1: several receipts lie on the photo. */
  papers: number;
  /** Degrees counter-clockwise. */
  skew: number;
  /** Corners of the paper in the decoded photo. */
  corners: readonly { x: number; y: number }[] | null;
  stages: { name: string; ms: number }[];
}

export type ReceiptResult = Reading & { image: ImageFacts; pictures: Pictures };

/** What is kept with the job. */
export function receiptResult(
  { value, ms }: { value: Reading; ms: number },
  work: PhotoWork,
  pictures: Pictures,
): ReceiptResult {
  const { straightened, verdict, papers, angle, quad, stages } = work;
  const image: ImageFacts = {
    width: straightened.width,
    height: straightened.height,
    paper: verdict,
    papers,
    skew: angle,
    corners: quad,
    stages: [...stages, { name: 'read', ms }],
  };
  const several = `${papers} receipts seem to lie on this photo; send one photo of each`;
  const reasons = papers > 1 ? [several, ...value.reviewReasons] : value.reviewReasons;
  return { ...value, needsReview: reasons.length > 0 || value.needsReview, reviewReasons: reasons, image, pictures };
}
