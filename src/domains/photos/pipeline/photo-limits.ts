import { contentTypeOf, type ContentType, type PhotoType } from './photo-type.js';
import { PhotoRefusal } from './photo-refusal.js';

export const PHOTO_LIMITS = {
  /** 25 MiB: an original of a 48 MP phone has 8 to 15. */
  bytes: 25 * 1024 * 1024,
  /** 60 megapixels: more would not fit beside another photo (4 bytes each while it is decoded). */
  pixels: 60e6,
  /** Letters of a receipt below this cannot be read. */
  shortSide: 200,
  /** Long side by short side: the longest supermarket receipts are about 8 : 1. */
  ratio: 12,
} as const;

const NAMES: Record<Exclude<ContentType, PhotoType>, string> = {
  gif: 'a GIF',
  tiff: 'a TIFF',
  bmp: 'a BMP',
  svg: 'an SVG drawing',
  html: 'an HTML page',
  zip: 'a ZIP archive',
  text: 'a text',
  unknown: 'not a picture of a kind we know',
};

/** Size and real type, before anything is decoded. */
export function admitted(bytes: Uint8Array): PhotoType {
  if (bytes.length === 0) throw new PhotoRefusal('photo_empty', 'The file has 0 bytes. Send the photo itself.');
  if (bytes.length > PHOTO_LIMITS.bytes) {
    const size = (bytes.length / 1024 / 1024).toFixed(1);
    throw new PhotoRefusal(
      'photo_too_large',
      `The file has ${size} MiB, 25 MiB are the most. Send the photo as JPEG, or smaller.`,
    );
  }
  const type = contentTypeOf(bytes);
  switch (type) {
    case 'jpeg':
    case 'png':
    case 'webp':
    case 'avif':
    case 'heic':
    case 'pdf':
      return type;
    default:
      throw new PhotoRefusal(
        'photo_type_unsupported',
        `By its content this file is ${NAMES[type]}. Send JPEG, PNG, WebP, AVIF, HEIC or PDF.`,
      );
  }
}

/** By what the header says, before the pixels are decoded. */
export function checkSize({ width, height }: { width: number; height: number }): void {
  const size = `The picture has ${width} × ${height} pixels`;
  if (width * height > PHOTO_LIMITS.pixels) {
    throw new PhotoRefusal('photo_too_many_pixels', `${size}, 60 million are the most. Send it smaller.`);
  }
  if (Math.min(width, height) < PHOTO_LIMITS.shortSide) {
    throw new PhotoRefusal('photo_too_small', `${size}; both sides must have at least ${PHOTO_LIMITS.shortSide}.`);
  }
  if (Math.max(width, height) > PHOTO_LIMITS.ratio * Math.min(width, height)) {
    const most = `one side may be ${PHOTO_LIMITS.ratio} times the other at most`;
    throw new PhotoRefusal('photo_too_narrow', `${size}; ${most}. Photograph it in parts.`);
  }
}
