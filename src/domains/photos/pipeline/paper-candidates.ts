import { area, inOrder, sharedArea, sharpest, type Point, type Quad } from './geometry.js';
import type { Mat, OpenCv } from './opencv-api.js';
import { scoped } from './opencv.js';
import type { PaperMasks } from './paper-masks.js';

/** Four corners that may be a paper's, by the outline of something bright. */
export interface Candidate {
  quad: Quad;
  /** Area of the outline's convex hull. */
  hullArea: number;
  /** The hull itself has four corners; else the quad is the smallest rectangle around it. */
  fourCorners: boolean;
}

const SMALLEST_OUTLINE = 0.04;
const SMALLEST_PAPER = 0.05;
/** An area less convex than this is no sheet. */
const CONVEX = 0.75;
/** A quad may leave out this much of the hull, or it would cut the paper's own content away. */
const COVERED = 0.965;
/** |cos 60°|: no photo of a sheet that can still be read shows sharper corners. */
const SHARPEST_CORNER = 0.5;
const EPSILONS = [0.015, 0.02, 0.03, 0.04, 0.06];

export function paperCandidates(cv: OpenCv, { areas, outlines }: PaperMasks): Candidate[] {
  const found = [
    ...areas.flatMap((mask) => fromMask(cv, mask, cv.RETR_EXTERNAL, CONVEX)),
    ...outlines.flatMap((mask) => fromMask(cv, mask, cv.RETR_LIST, 0)),
  ];
  const pixels = (areas[0]?.cols ?? 0) * (areas[0]?.rows ?? 0);
  return found.filter(({ quad }) => {
    const share = area(quad) / pixels;
    return share >= SMALLEST_PAPER && share <= 1.02 && sharpest(quad) <= SHARPEST_CORNER;
  });
}

function fromMask(cv: OpenCv, mask: Mat, mode: number, convex: number): Candidate[] {
  return scoped(cv, (keep) => {
    const contours = keep(new cv.MatVector());
    cv.findContours(mask, contours, keep(new cv.Mat()), mode, cv.CHAIN_APPROX_SIMPLE);
    return Array.from({ length: contours.size() }).flatMap((_, i) => {
      const contour = contours.get(i);
      try {
        const size = cv.contourArea(contour);
        return size < mask.cols * mask.rows * SMALLEST_OUTLINE ? [] : fromContour(cv, contour, size, convex);
      } finally {
        contour.delete();
      }
    });
  });
}

function fromContour(cv: OpenCv, contour: Mat, size: number, convex: number): Candidate[] {
  return scoped(cv, (keep) => {
    const hull = keep(new cv.Mat());
    cv.convexHull(contour, hull, false, true);
    const corners = pointsOf(hull);
    const hullArea = area(corners);
    if (size / hullArea <= convex) return [];
    const round = cv.arcLength(hull, true);
    const simpler = keep(new cv.Mat());
    const four = EPSILONS.map((epsilon) => {
      cv.approxPolyDP(hull, simpler, epsilon * round, true);
      return pointsOf(simpler);
    }).find((points) => points.length === 4);
    const around = rectangle(cv.minAreaRect(hull));
    return [
      ...(four ? [{ quad: inOrder(four), hullArea, fourCorners: true }] : []),
      { quad: inOrder(around), hullArea, fourCorners: false },
    ].filter(({ quad }) => sharedArea(corners, quad) / hullArea >= COVERED);
  });
}

const pointsOf = (mat: Mat): Point[] =>
  Array.from({ length: mat.rows }, (_, i) => ({ x: mat.data32S[i * 2] ?? 0, y: mat.data32S[i * 2 + 1] ?? 0 }));

function rectangle({ center, size, angle }: ReturnType<OpenCv['minAreaRect']>): Point[] {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const corners = [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ] as const;
  return corners.map(([right, down]) => {
    const [x, y] = [right * size.width, down * size.height];
    return { x: center.x + x * cos - y * sin, y: center.y + x * sin + y * cos };
  });
}
