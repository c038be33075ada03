import { decodePhoto, type DecodeOptions } from './decode-photo.js';
import { turned, turnFor } from './deskew.js';
import { findPaper, type PaperVerdict } from './find-paper.js';
import type { Quad } from './geometry.js';
import { openCv } from './opencv.js';
import type { GreyPicture, Picture } from './picture.js';
import { skewOf } from './skew.js';
import { straightened } from './straighten.js';
import { whitened } from './whiten.js';

export type StageName = 'decode' | 'find' | 'straighten' | 'deskew' | 'whiten';

export interface CleanPhoto {
  /** In colour: what readers read. */
  straightened: Picture;
  /** In grey on white: what people look at. Null where it is made later. */
  whitened: GreyPicture | null;
  /** Corners of the paper in pixels of the decoded photo; null where it was left whole. */
  quad: Quad | null;
  verdict: PaperVerdict;
  /** More than 1: several papers lie side by side, and the photo was left whole. */
  papers: number;
  /** Degrees that the rows were turned by, counter-clockwise. */
  angle: number;
  stages: { name: StageName; ms: number }[];
  /** What each stage made, where asked for. */
  debugImages?: { name: StageName; picture: Picture }[];
}

export interface CleanOptions extends DecodeOptions {
  debug?: boolean;
  /** False: only what readers read is made now. */
  whiten?: boolean;
}

/** One photo through all stages. What is unsure is left untouched. Throws `PhotoRefusal`. */
export async function cleanPhoto(bytes: Uint8Array, options: CleanOptions = {}): Promise<CleanPhoto> {
  const { cv } = await openCv();
  const stages: CleanPhoto['stages'] = [];
  const measured = <T>(name: StageName, since: number, made: T): T => {
    stages.push({ name, ms: Math.round((performance.now() - since) * 10) / 10 });
    return made;
  };
  const stage = <T>(name: StageName, work: () => T): T => measured(name, performance.now(), work());

  const start = performance.now();
  const photo = measured('decode', start, await decodePhoto(bytes, options));
  const { quad, verdict, papers } = stage('find', () => findPaper(cv, photo));
  const page = stage('straighten', () => (quad ? straightened(cv, photo, quad) : photo));
  let angle = 0;
  const upright = stage('deskew', () => {
    angle = turnFor(skewOf(cv, page), { quad, papers });
    return angle === 0 ? page : turned(cv, page, angle);
  });
  const white = options.whiten === false ? null : stage('whiten', () => whitened(cv, upright));
  const debugImages: CleanPhoto['debugImages'] = [
    { name: 'decode', picture: photo },
    { name: 'straighten', picture: page },
    { name: 'deskew', picture: upright },
    ...(white ? [{ name: 'whiten' as const, picture: white }] : []),
  ];
  const cleaned = { straightened: upright, whitened: white, quad, verdict, papers, angle, stages };
  return options.debug ? { ...cleaned, debugImages } : cleaned;
}
