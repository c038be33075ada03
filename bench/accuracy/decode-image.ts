import sharp from 'sharp';
import type { Raster } from '../../src/domains/photos/reading/ocr/raster.js';

/** An image file as raw RGB, upright by its EXIF, on white. */
export async function decodeImage(bytes: Buffer): Promise<Raster> {
  const image = sharp(bytes, { limitInputPixels: 60e6 }).autoOrient().flatten({ background: '#fff' });
  const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { data, width: info.width, height: info.height };
  throw new Error(`An image of ${info.channels} channels could not be made RGB`);
}
