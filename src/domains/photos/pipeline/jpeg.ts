import type { Picture } from './picture.js';
import { fromPixels } from './safe-sharp.js';

/** An encoded picture. */
export interface Jpeg {
  data: Buffer;
  width: number;
  height: number;
}

export async function jpegOf(picture: Picture, { channels = 3, quality = 85 } = {}): Promise<Jpeg> {
  const { data, width, height } = picture;
  const image = fromPixels(data, width, height, channels === 1 ? 1 : 3);
  return { data: await image.jpeg({ quality }).toBuffer(), width, height };
}
