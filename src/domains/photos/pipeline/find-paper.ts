import { area, asQuad, sharedArea, type Quad } from './geometry.js';
import { labOf } from './lab-image.js';
import type { OpenCv } from './opencv-api.js';
import { scoped } from './opencv.js';
import { paperCandidates } from './paper-candidates.js';
import { scored, type ScoredPaper } from './paper-edges.js';
import { paperMasks } from './paper-masks.js';
import { textOutside } from './paper-text.js';
import { matOf, type Picture } from './picture.js';
import { refined } from './refine-quad.js';

/** Why a photo was cut to its paper, or left whole. */
export type PaperVerdict = 'found' | 'no_edges' | 'fills_frame' | 'several_papers' | 'text_outside';

export interface Paper {
  /** In pixels of the picture given; null where it is better left whole. */
  quad: Quad | null;
  verdict: PaperVerdict;
  /** Papers seen side by side; 1 where nothing speaks for more. */
  papers: number;
}

/** Measured: at 512 px there are false crops, at 900 px it is slower and no better. */
const DETECTION_SIDE = 640;
const WHOLE_FRAME = 0.93;
/** A second quad counts from this share of the best one's area, and when it hardly lies on it. */
const SECOND_PAPER = 0.25;
const OVERLAP = 0.2;

export function findPaper(cv: OpenCv, picture: Picture): Paper {
  return scoped(cv, (keep) => {
    const scale = Math.min(1, DETECTION_SIDE / Math.max(picture.width, picture.height));
    const small = keep(new cv.Mat());
    const size = new cv.Size(
      Math.max(1, Math.round(picture.width * scale)),
      Math.max(1, Math.round(picture.height * scale)),
    );
    cv.resize(matOf(cv, keep, picture), small, size, 0, 0, cv.INTER_AREA);
    const lab = labOf(cv, small);
    const masks = paperMasks(cv, keep, lab);
    const papers = paperCandidates(cv, masks)
      .map((candidate) => scored(lab, candidate))
      .filter((paper) => paper !== undefined)
      .sort((a, b) => b.score - a.score);
    const [best] = papers;
    const whole = (verdict: PaperVerdict, count = 1): Paper => ({ quad: null, verdict, papers: count });
    if (!best) return whole('no_edges');
    if (area(best.quad) > WHOLE_FRAME * lab.width * lab.height) return whole('fills_frame');
    const count = apart(papers, area(best.quad)).length;
    if (count > 1) return whole('several_papers', count);
    if (textOutside(cv, masks.lightness, lab, best.quad)) return whole('text_outside');
    const corners = refined(lab, best.quad).map(({ x, y }) => ({ x: x / scale, y: y / scale }));
    return { quad: asQuad(corners), verdict: 'found', papers: 1 };
  });
}

/** The best papers that do not lie on one another. */
function apart(papers: readonly ScoredPaper[], bestArea: number): ScoredPaper[] {
  const chosen: ScoredPaper[] = [];
  for (const paper of papers) {
    const size = area(paper.quad);
    const clear = chosen.every((other) => {
      return sharedArea(paper.quad, other.quad) < OVERLAP * Math.min(size, area(other.quad));
    });
    if (size > bestArea * SECOND_PAPER && clear) chosen.push(paper);
  }
  return chosen;
}
