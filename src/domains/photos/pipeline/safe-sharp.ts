import type { Sharp, SharpOptions } from 'sharp';
import { sharp } from '../../../kernel/files/image-loaders.js';
import { PHOTO_LIMITS } from './photo-limits.js';

// Process-wide.
sharp.cache(false);
// The pool has a thread per core; libvips with threads of its own would only hold more memory.
sharp.concurrency(1);

const OPTIONS: SharpOptions = {
  limitInputPixels: PHOTO_LIMITS.pixels,
  failOn: 'error',
  sequentialRead: true,
  pages: 1,
};

/** From bytes only: given a path, libvips may read the files beside it. */
export const openPhoto = (bytes: Uint8Array): Sharp => sharp(bytes, OPTIONS);

/** From pixels that we made ourselves. */
export const fromPixels = (data: Uint8Array, width: number, height: number, channels: 1 | 3 | 4): Sharp =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: PHOTO_LIMITS.pixels });
