import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import sharp from 'sharp';
import { ZipFile } from 'yazl';

/** A small photo with something on it. */
export function picture(format: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff' = 'jpeg', seed = 1): Promise<Buffer> {
  const background = { r: (seed * 53) % 256, g: (seed * 101) % 256, b: 90 };
  return sharp({
    create: { width: 64, height: 48, channels: 3, background, noise: { type: 'gaussian', mean: 120, sigma: 30 } },
  })
    .toFormat(format)
    .toBuffer();
}

export const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>',
);

/** A zip as any program would make it; names are written as they are given, `..` and all. */
export async function zipWith(parts: readonly (readonly [name: string, content: Buffer | string])[]): Promise<Buffer> {
  const zip = new ZipFile();
  const wanted = parts.map(([name]) => name);
  // The library refuses to write what a trap has in it: such names are put in afterwards, letter by letter.
  const tame = wanted.map(
    (name, i) => `${String(i).padStart(4, '0')}${'x'.repeat(Math.max(0, Buffer.byteLength(name) - 4))}`,
  );
  parts.forEach(([name, content], i) => {
    const short = Buffer.byteLength(name) < 4;
    zip.addBuffer(Buffer.from(content), short ? name : (tame[i] ?? name), { mtime: new Date(2026, 0, 1) });
  });
  zip.end();
  let bytes: Buffer = await buffer(zip.outputStream as Readable);
  wanted.forEach((name, i) => {
    if (Buffer.byteLength(name) >= 4) bytes = replaced(bytes, Buffer.from(tame[i] ?? ''), Buffer.from(name));
  });
  return bytes;
}

/** Every `from` made `to`, of the same length. */
export function replaced(bytes: Buffer, from: Buffer, to: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + from.length)) to.copy(copy, at);
  return copy;
}

/** The directory's records, one per entry. */
export function records(zip: Buffer): number[] {
  const found: number[] = [];
  for (let at = zip.indexOf('PK\x01\x02', 0, 'latin1'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4, 'latin1'))
    found.push(at);
  return found;
}
