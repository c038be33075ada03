import type { Metadata, Sharp } from 'sharp';
import { decodeHeic, installedHeicDecoder, type HeicDecoder } from './heic.js';
import { admitted, checkSize } from './photo-limits.js';
import { PhotoRefusal } from './photo-refusal.js';
import type { Picture } from './picture.js';
import { fromPixels, openPhoto } from './safe-sharp.js';

/** Longest side of what the pipeline works on: small print of a whole receipt is still read at this size. */
export const WORKING_SIDE = 2016;

/** A 16 × 16 block of the emptiest baseline JPEG takes a byte and a half; a header that claims more pixels lies. */
const LEAST_JPEG_BYTES_A_PIXEL = 1.5 / 256;

export interface DecodeOptions {
  heicDecoder?: () => Promise<HeicDecoder | undefined>;
}

/** Checked, decoded, upright, in sRGB on white, at most 2016 px long. Throws `PhotoRefusal`. */
export async function decodePhoto(
  bytes: Uint8Array,
  { heicDecoder = installedHeicDecoder }: DecodeOptions = {},
): Promise<Picture> {
  const type = admitted(bytes);
  if (type === 'pdf') {
    throw new PhotoRefusal('pdf_not_a_photo', 'A PDF is split into its pages first; each page is then a photo.');
  }
  const header = await readable(() => openPhoto(bytes).metadata());
  checkSize(header);
  if (type === 'jpeg') checkDensity(bytes, header);
  if (type !== 'heic') return readable(() => toPicture(openPhoto(bytes).autoOrient()));
  const { data, width, height } = await decodeHeic(bytes, await heicDecoder());
  checkSize({ width, height });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return toPicture(fromPixels(pixels, width, height, 4));
}

/** Fits raw or encoded pixels into the working size. */
export async function toPicture(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .resize({ width: WORKING_SIDE, height: WORKING_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data: info.channels === 1 ? tripled(data) : data, width: info.width, height: info.height };
}

function checkDensity(bytes: Uint8Array, { width, height, isProgressive }: Metadata): void {
  if (isProgressive || bytes.length >= width * height * LEAST_JPEG_BYTES_A_PIXEL) return;
  const detail = `The JPEG says ${width} × ${height} pixels but has only ${bytes.length} bytes. Send the photo again.`;
  throw new PhotoRefusal('photo_unreadable', detail);
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    if (/pixel limit|too large|exceeds/i.test(why)) {
      const most = 'The picture has more than 60 million pixels. Send it smaller.';
      throw new PhotoRefusal('photo_too_many_pixels', most);
    }
    throw new PhotoRefusal('photo_unreadable', `The picture cannot be decoded: ${why}. Send the photo again.`);
  }
}

function tripled(grey: Buffer): Buffer {
  const rgb = Buffer.allocUnsafe(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i] ?? 0, i * 3, i * 3 + 3);
  return rgb;
}
