import { photographed } from '../samples/scene.js';
import { textPage } from '../samples/text-page.js';
import { jpegOf } from './jpeg.js';
import { openCv, scoped } from './opencv.js';
import { photoTask } from './photo-tasks.js';
import type { Picture } from './picture.js';

let bytes: Buffer;

beforeAll(async () => {
  const quad = [
    { x: 300, y: 200 },
    { x: 920, y: 240 },
    { x: 900, y: 1400 },
    { x: 260, y: 1360 },
  ] as const;
  const scene = { width: 1200, height: 1600, table: 'dark', sheets: [{ page: textPage(), quad }] } as const;
  bytes = (await jpegOf(photographed({ ...scene, sheets: [...scene.sheets] }))).data;
});

it('the reader gets the straightened picture in colour, in the same thread, when it is asked for', async () => {
  const seen: Picture[] = [];
  const task = photoTask((image, options) => {
    seen.push(image);
    return Promise.resolve({ text: options.language });
  });
  expect((await task({ bytes })).reading).toBeUndefined();
  const { reading, straightened } = await task({ bytes, options: { read: { language: 'ru' } } });
  expect(reading).toMatchObject({ ok: true, value: { text: 'ru' } });
  const [{ data, width, height } = { data: Buffer.alloc(0), width: 0, height: 0 }] = seen;
  expect([width, height, data.length]).toEqual([straightened.width, straightened.height, width * height * 3]);
});

it('a reader that fails costs the reading, not the photo', async () => {
  const task = photoTask(() => Promise.reject(new Error('no model')));
  const { reading, straightened } = await task({ bytes, options: { read: {} } });
  expect(reading).toMatchObject({ ok: false, error: 'no model' });
  expect(straightened.data.length).toBeGreaterThan(1000);
});

it('OpenCV’s memory stays as it is over twelve photos', async () => {
  const task = photoTask();
  const { cv } = await openCv();
  await task({ bytes });
  const first = cv.HEAPU8.length;
  for (let i = 0; i < 12; i++) await task({ bytes });
  expect(cv.HEAPU8.length).toBe(first);
});

it('what a stage keeps is deleted, and what OpenCV throws becomes a message', async () => {
  const { cv } = await openCv();
  let deleted = 0;
  const work = () =>
    scoped(cv, (keep) => {
      keep({ delete: () => void deleted++ });
      cv.cvtColor(keep(new cv.Mat()), keep(new cv.Mat()), cv.COLOR_RGB2GRAY);
    });
  expect(work).toThrow(/OpenCV: .*empty/s);
  expect(deleted).toBe(1);
});
