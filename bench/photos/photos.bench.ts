import { monitorEventLoopDelay } from 'node:perf_hooks';
import { jpegOf } from '../../src/domains/photos/pipeline/jpeg.js';
import { PhotoPool } from '../../src/domains/photos/pipeline/photo-pool.js';
import { photographed } from '../../src/domains/photos/samples/scene.js';
import { textPage } from '../../src/domains/photos/samples/text-page.js';
import type { BenchOptions } from '../bench.js';
import { median, round } from '../stats.js';

/** Photos a round. */
const PHOTOS = 40;
const MIB = 1024 * 1024;
/** The main thread also answers webhooks: it may not be held up longer than this while photos are cleaned. */
const GOAL_P99_MS = 25;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Photos of 12 megapixels through the pool: time, processor time, the main thread's delay, and memory after each round. */
export async function photos({ rounds }: BenchOptions): Promise<void> {
  const bytes = await phonePhoto();
  const pool = new PhotoPool();
  try {
    await pool.warm();
    const alone = await timed(() => one(pool, bytes));
    const five = await timed(() => many(pool, bytes, 5));
    say(`one photo ${round(alone)} ms, five at once ${round(five)} ms, ratio ${round(five / alone, 2)}`);
    const memory: number[] = [];
    for (let i = 1; i <= rounds; i++) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      const before = process.cpuUsage();
      delay.enable();
      const ms = await timed(() => many(pool, bytes, PHOTOS));
      delay.disable();
      const { user, system } = process.cpuUsage(before);
      memory.push(process.memoryUsage.rss() / MIB);
      const p99 = delay.percentile(99) / 1e6;
      const cpu = (user + system) / 1000 / PHOTOS;
      say(
        `round ${i}: ${PHOTOS} photos, ${round(ms / PHOTOS)} ms each, ${round(cpu)} ms of processor time each; ` +
          `main thread p99 ${round(p99, 1)} ms (${p99 < GOAL_P99_MS ? 'good' : 'MISSED'}); ` +
          `memory ${round(memory.at(-1) ?? 0)} MiB`,
      );
    }
    say(
      `memory: median ${round(median(memory))} MiB, first to last ${round((memory.at(-1) ?? 0) - (memory[0] ?? 0))} MiB`,
    );
    say('MALLOC_ARENA_MAX=2, set before Node starts, lowers it');
  } finally {
    await pool.close();
  }
}

async function phonePhoto(): Promise<Buffer> {
  const quad = [
    { x: 800, y: 600 },
    { x: 2300, y: 700 },
    { x: 2400, y: 3400 },
    { x: 700, y: 3300 },
  ] as const;
  const sheets = [{ page: textPage(1000, 1800), quad }];
  const photo = photographed({ width: 3024, height: 4032, table: 'wood', shadow: 0.3, sheets });
  return (await jpegOf(photo)).data;
}

async function one(pool: PhotoPool, bytes: Buffer): Promise<void> {
  const outcome = await pool.run('photo', { bytes });
  if (!outcome.ok) throw new Error(outcome.detail);
  if (outcome.value.verdict !== 'found') throw new Error(`the paper was not found: ${outcome.value.verdict}`);
}

const many = (pool: PhotoPool, bytes: Buffer, count: number) =>
  Promise.all(Array.from({ length: count }, () => one(pool, bytes)));

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
