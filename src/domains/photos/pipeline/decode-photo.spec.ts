import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { decodePhoto, WORKING_SIDE } from './decode-photo.js';
import { pdfPages } from './pdf-pages.js';
import { PhotoRefusal, type Refusal } from './photo-refusal.js';
import type { Picture } from './picture.js';
import { openPhoto } from './safe-sharp.js';
import { jpegSaying, jpegWithExif, longGif, pdfOf, pngOf } from './testing/hostile-files.js';
import { textPage } from '../samples/text-page.js';

const { data, width, height } = textPage(600, 800);
const page = () => sharp(data, { raw: { width, height, channels: 3 } });
const heic = readFileSync(join(__dirname, 'testing/receipt.heic'));
const size = (picture: Picture) => [picture.width, picture.height];

let jpeg: Buffer;
beforeAll(async () => {
  jpeg = await page().jpeg().toBuffer();
});

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PhotoRefusal)) throw new Error(`no refusal but ${String(error)}`);
  expect(error.refusal.detail).toMatch(/[Ss]end |must have at least|Photograph it|each page is/);
  return error.refusal;
}

describe('a file that is no photo is refused with a reason and what to send', () => {
  it.each([
    ['0 bytes', () => Buffer.alloc(0), 422, 'photo_empty'],
    ['100 MB', () => Buffer.alloc(100e6, 0xff), 413, 'photo_too_large'],
    ['a text named .jpg', () => Buffer.from('This is not a photo.'), 415, 'photo_type_unsupported'],
    ['an HTML page', () => Buffer.from('<!doctype html><p>hello'), 415, 'photo_type_unsupported'],
    [
      'an SVG that reads a file',
      () =>
        Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>'),
      415,
      'photo_type_unsupported',
    ],
    ['a GIF of 5,000 frames', longGif, 415, 'photo_type_unsupported'],
    ['noise', () => Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 11, 12]), 415, 'photo_type_unsupported'],
    ['a truncated JPEG', () => jpeg.subarray(0, jpeg.length * 0.6), 422, 'photo_unreadable'],
    ['three bytes of a JPEG', () => jpeg.subarray(0, 3), 422, 'photo_unreadable'],
    ['a truncated PNG', () => pngOf(400, 400, 10), 422, 'photo_unreadable'],
    ['a PNG of 30,000²', () => pngOf(30_000, 30_000), 413, 'photo_too_many_pixels'],
    ['a JPEG that says 60,000²', () => jpegSaying(jpeg, 60_000, 60_000), 413, 'photo_too_many_pixels'],
    ['a small JPEG that says 7,500²', () => jpegSaying(jpeg, 7500, 7500), 422, 'photo_unreadable'],
    ['1 × 1', () => pngOf(1, 1), 422, 'photo_too_small'],
    ['20,000 × 10', () => pngOf(20_000, 10, 10), 422, 'photo_too_small'],
    ['2,600 × 210', () => pngOf(2600, 210, 210), 422, 'photo_too_narrow'],
    ['a PDF in the place of a photo', () => pdfOf(1), 415, 'pdf_not_a_photo'],
    ['a broken HEIC', () => heic.subarray(0, 700), 422, 'photo_unreadable'],
  ] as const)('%s', async (_, bytes, status, code) => {
    expect(await refusal(decodePhoto(bytes()))).toMatchObject({ status, code });
  });
});

describe('unusual photos are read', () => {
  it.each([
    ['CMYK', () => page().toColourspace('cmyk').jpeg()],
    ['16 bits a channel', () => page().toColourspace('rgb16').png()],
    ['grey with transparency', () => page().toColourspace('b-w').ensureAlpha(0.5).png()],
    ['grey', () => page().toColourspace('b-w').jpeg()],
    ['progressive', () => page().jpeg({ progressive: true })],
    ['WebP', () => page().webp()],
    ['AVIF', () => page().avif({ effort: 0 })],
  ] as const)('%s', async (_, image) => {
    const picture = await decodePhoto(await image().toBuffer());
    expect(size(picture)).toEqual([600, 800]);
    expect(picture.data).toHaveLength(600 * 800 * 3);
    expect(picture.data[0]).toBeGreaterThan(235);
  });

  it('of an animated WebP the first frame', async () => {
    const frames = await Promise.all(['#ff0000', '#0000ff'].map((background) => plain(background)));
    const webp = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const picture = await decodePhoto(webp);
    expect(size(picture)).toEqual([300, 400]);
    expect([...picture.data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  it('a photo held sideways comes upright, and one with a broken EXIF block as it is', async () => {
    const sideways = await page().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(size(await decodePhoto(sideways))).toEqual([800, 600]);
    expect(size(await decodePhoto(jpegWithExif(jpeg, Buffer.from('MM\0*garbage that never ends'))))).toEqual([
      600, 800,
    ]);
  });

  it('a large one is brought to the working size', async () => {
    const large = await page().resize(3000, 4000).jpeg().toBuffer();
    expect(size(await decodePhoto(large))).toEqual([WORKING_SIDE * 0.75, WORKING_SIDE]);
  });

  it('HEIC, upright as its owner saw it', async () => {
    const picture = await decodePhoto(heic);
    expect(size(picture)).toEqual([300, 400]);
    const [top, bottom] = [picture.data.subarray(0, 3), picture.data.subarray(-3)].map(([r = 0, , b = 0]) => r - b);
    expect(top).toBeGreaterThan(100);
    expect(bottom).toBeLessThan(-100);
  });

  it('HEIC where its decoder is not installed: a clear no', async () => {
    const without = decodePhoto(heic, { heicDecoder: () => Promise.resolve(undefined) });
    expect(await refusal(without)).toMatchObject({ status: 415, code: 'heic_unsupported' });
  });

  it('nothing that draws or reads other files can be opened, even when asked for directly', async () => {
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>';
    await expect(openPhoto(Buffer.from(drawing)).metadata()).rejects.toThrow(/unsupported image format/);
    await expect(openPhoto(longGif()).metadata()).rejects.toThrow();
  });
});

describe('a PDF', () => {
  it('of twelve pages gives the first ten, each as a photo, and says twelve', async () => {
    const { count, pages } = await pdfPages(pdfOf(12));
    expect([count, pages.length]).toEqual([12, 10]);
    const picture = await decodePhoto(pages[0]?.data ?? Buffer.alloc(0));
    expect(size(picture)).toEqual([1344, 2016]);
    const [r = 0, g = 0, b = 0] = picture.data;
    expect(r).toBeGreaterThan(240);
    expect(g + b).toBeLessThan(30);
  });

  it.each([
    ['with a password', pdfOf(1, { locked: true }), 422, 'pdf_locked'],
    ['that is none', Buffer.from('%PDF-1.4 and nothing more'), 422, 'pdf_unreadable'],
    ['of 0 pages', pdfOf(0), 422, 'pdf_unreadable'],
  ] as const)('%s is refused', async (_, bytes, status, code) => {
    expect(await refusal(pdfPages(bytes))).toMatchObject({ status, code });
  });
});

const plain = (background: string) =>
  sharp({ create: { width: 300, height: 400, channels: 3, background } })
    .png()
    .toBuffer();
