import { sharp } from '../../kernel/files/image-loaders.js';

/** What trainers say they take; nothing else is promised anywhere. */
const TAKEN = ['jpeg', 'png', 'webp'];
const FIX = 'trainers take JPEG, PNG and WebP';

/** A photo has a tenth of it; all of it is held while it is looked at. */
export const MOST_IMAGE_BYTES = 64 * 1_024 * 1_024;
const MOST_PIXELS = 100_000_000;

/** What is wrong with an image, as a phrase to follow its name; null when all of it can be decoded. */
export async function imageFault(bytes: Buffer): Promise<string | null> {
  if (bytes.length === 0) return 'is empty';
  if (bytes.length > MOST_IMAGE_BYTES) return tooLarge(bytes.length);
  if (bytes.subarray(0, 4).toString('latin1') === 'GIF8') return `is GIF; ${FIX}`;
  try {
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: MOST_PIXELS, sequentialRead: true });
    const { format } = await image.metadata();
    if (!TAKEN.includes(format)) return `is ${format === 'heif' ? 'HEIF or AVIF' : format.toUpperCase()}; ${FIX}`;
    // Small at once: the decoder reads to the end all the same, and a thumbnail takes no memory.
    await image.resize(16, 16, { fit: 'fill' }).raw().toBuffer();
    return null;
  } catch (error) {
    return faultOf(error instanceof Error ? error.message : String(error));
  }
}

export const tooLarge = (bytes: number): string => `has ${bytes} bytes; an image may have ${MOST_IMAGE_BYTES} at most`;

function faultOf(message: string): string {
  if (/pixel limit/i.test(message)) return `has more than ${MOST_PIXELS / 1e6} million pixels; make it smaller`;
  if (/unsupported image format|no known|blocked/i.test(message)) return `is no image; ${FIX}`;
  return 'cannot be decoded: it is damaged, or not all of it is there';
}
