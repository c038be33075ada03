import { join } from 'node:path';
import { execArgv } from './setup/photo-worker-entry.js';
import { photographed } from '../src/domains/photos/samples/scene.js';
import { toPicture } from '../src/domains/photos/pipeline/decode-photo.js';
import { jpegOf } from '../src/domains/photos/pipeline/jpeg.js';
import { PhotoPool, type PhotoPoolEvent, type PhotoPoolOptions } from '../src/domains/photos/pipeline/photo-pool.js';
import { openPhoto } from '../src/domains/photos/pipeline/safe-sharp.js';
import { textPage } from '../src/domains/photos/samples/text-page.js';
import type { UnrulyOptions } from '../src/domains/photos/pipeline/testing/unruly-worker.js';

const unruly = { file: join(__dirname, '../src/domains/photos/pipeline/testing/unruly-worker.ts'), execArgv };

// Each test starts threads, which load OpenCV: a second on a free core, many on a busy one.
let bytes: Uint8Array;
let pool: PhotoPool;
let events: PhotoPoolEvent[];

function poolOf(options: Partial<PhotoPoolOptions> = {}): PhotoPool {
  events = [];
  pool = new PhotoPool({ threads: 1, worker: unruly, onEvent: (event) => events.push(event), ...options });
  return pool;
}

const photo = (misdeed: UnrulyOptions['misdeed'] = 'none', once?: SharedArrayBuffer) =>
  pool.run('photo', { bytes, options: { read: { misdeed, once } } });

const onlyOnce = () => new SharedArrayBuffer(4);

beforeAll(async () => {
  const quad = [
    { x: 150, y: 100 },
    { x: 460, y: 120 },
    { x: 450, y: 700 },
    { x: 130, y: 680 },
  ] as const;
  const scene = photographed({ width: 600, height: 800, table: 'dark', sheets: [{ page: textPage(300, 560), quad }] });
  bytes = (await jpegOf(scene)).data;
});
afterEach(() => pool.close());

it('photos come back clean, as JPEG, and the caller keeps its bytes', async () => {
  pool = new PhotoPool({ threads: 1 });
  const before = bytes.length;
  const outcome = await pool.run('photo', { bytes, options: { debug: true } });
  if (!outcome.ok) throw new Error(outcome.detail);
  expect(outcome.value.verdict).toBe('found');
  const { whitened } = outcome.value;
  expect(whitened && Buffer.from(whitened.data).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(outcome.value.debugImages?.map(({ name }) => name)).toEqual(['decode', 'straighten', 'deskew', 'whiten']);
  expect(outcome.value.stages.map(({ name }) => name)).toEqual(['decode', 'find', 'straighten', 'deskew', 'whiten']);
  expect(bytes).toHaveLength(before);
});

it('photos are whitened later where the reader should not wait for that, and look the same', async () => {
  pool = new PhotoPool({ threads: 1 });
  const outcome = await pool.run('photo', { bytes, options: { whiten: false } });
  if (!outcome.ok) throw new Error(outcome.detail);
  expect(outcome.value).toMatchObject({ verdict: 'found', whitened: null });
  const { data, width, height } = outcome.value.straightened;
  const later = await pool.run('whiten', { bytes: Buffer.from(data) });
  if (!later.ok) throw new Error(later.detail);
  expect([later.value.width, later.value.height]).toEqual([width, height]);
  const grey = await toPicture(openPhoto(Buffer.from(later.value.data)));
  const light = grey.data.filter((value) => value > 235).length / grey.data.length;
  expect(light).toBeGreaterThan(0.6);
});

it('twenty photos at once all come back, two at a time', async () => {
  poolOf({ threads: 2 });
  const all = Array.from({ length: 20 }, () => photo());
  expect(pool.load).toEqual({ running: 2, waiting: 18 });
  expect((await Promise.all(all)).filter(({ ok }) => ok)).toHaveLength(20);
  expect(pool.load).toEqual({ running: 0, waiting: 0 });
});

it.each(['exit', 'throw', 'trap', 'eat'] as const)(
  'a photo that ends its thread (%s) is run again and comes back',
  async (misdeed) => {
    poolOf({ jsHeapMb: 200 });
    const [lost, other] = await Promise.all([photo(misdeed, onlyOnce()), photo()]);
    expect([lost.ok, other.ok]).toEqual([true, true]);
    expect(events).toEqual(['crashed']);
  },
);

it('a photo that ends its thread twice is given up, and costs no other photo anything', async () => {
  poolOf();
  const outcomes = await Promise.all([photo('exit'), ...Array.from({ length: 4 }, () => photo())]);
  expect(outcomes[0]).toMatchObject({ ok: false, code: 'photo_crashed', status: 500 });
  expect(outcomes.slice(1).every(({ ok }) => ok)).toBe(true);
  expect(events).toEqual(['crashed', 'crashed']);
  expect((await photo()).ok).toBe(true);
});

it('a photo that takes forever is ended, run again, and given up; the pool is healthy after it', async () => {
  poolOf({ threads: 2, timeoutMs: 8000 });
  await pool.warm();
  const [hung, other] = await Promise.all([photo('hang'), photo()]);
  expect(hung).toMatchObject({ ok: false, code: 'photo_timed_out', status: 500 });
  expect(other.ok).toBe(true);
  expect(events).toEqual(['timed_out', 'timed_out']);
  await pool.warm();
  expect((await Promise.all([photo(), photo()])).every(({ ok }) => ok)).toBe(true);
});

it('a refusal arrives as a value with its code, and is not run again', async () => {
  poolOf();
  const outcome = await pool.run('photo', { bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
  expect(outcome).toMatchObject({ ok: false, code: 'photo_type_unsupported', status: 415 });
  expect(events).toEqual([]);
});

it('threads whose OpenCV grew are replaced by warm ones, and nothing is lost', async () => {
  poolOf({ heapLimitBytes: 1 });
  const outcomes = await Promise.all(Array.from({ length: 3 }, () => photo()));
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  await pool.close();
  expect(events.length).toBeGreaterThan(0);
  expect(new Set(events)).toEqual(new Set(['replaced']));
});

it('when too many wait, the next one is turned away at once', async () => {
  poolOf({ maxQueue: 1 });
  const taken = [photo(), photo()];
  expect(await photo()).toMatchObject({ ok: false, code: 'photos_busy', status: 503 });
  expect((await Promise.all(taken)).every(({ ok }) => ok)).toBe(true);
});
