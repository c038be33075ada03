import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ClientEnv } from '../../src/cli/client.env.js';
import { parseEnv } from '../../src/kernel/config/parse-env.js';
import { round } from '../stats.js';

interface Stage {
  name: string;
  ms: number;
}

interface Entry {
  status?: string;
  error?: { code: string; detail: string };
  result?: { image: { stages: Stage[] } };
}

/** From the first byte of the request until the answer that has the reading in it. */
interface Read {
  name: string;
  ms: number;
  status: string;
  stages: Stage[];
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const FOLDER = join(__dirname, '../../../samples/receipts');

const counts = (text: string): number[] => {
  const numbers = text.split(',').map(Number);
  if (numbers.every((n) => Number.isInteger(n) && n > 0 && n <= 200)) return numbers;
  throw new InvalidArgumentError('must be whole numbers from 1 to 200, with commas between them');
};

interface Options {
  url: string;
  key?: string;
  photos: number[];
  reader: string;
  photo: string;
  folder: string;
}

/** As many requests at once as there are photos, each waiting for its own. */
async function together(
  many: number,
  photos: readonly string[],
  options: Options,
): Promise<{ ms: number; reads: Read[] }> {
  const start = performance.now();
  const reads = await Promise.all(
    Array.from({ length: many }, (_, i) => readOne(photos[i % photos.length] ?? '', options)),
  );
  return { ms: performance.now() - start, reads };
}

async function readOne(name: string, { url, key, reader, folder }: Options): Promise<Read> {
  const form = new FormData();
  form.append('reader', reader);
  form.append('photo', new Blob([readFileSync(join(folder, name))]), name);
  const start = performance.now();
  const answer = await fetch(new URL('/v1/receipts', url), {
    method: 'POST',
    headers: { Prefer: 'wait=60', ...(key ? { Authorization: `Bearer ${key}` } : {}) },
    body: form,
  });
  const ms = performance.now() - start;
  const body = (await answer.json()) as { photos?: Entry[]; detail?: string };
  const [entry] = body.photos ?? [];
  const status = entry?.error?.code ?? entry?.status ?? `${answer.status} ${body.detail ?? ''}`;
  return { name, ms, status, stages: entry?.result?.image.stages ?? [] };
}

async function main(options: Options): Promise<void> {
  const found = readdirSync(options.folder).filter((name) => /\.jpe?g$/i.test(name));
  const photos = options.photo === 'all' ? found : found.filter((name) => name === options.photo);
  if (photos.length === 0) throw new Error(`${options.photo}: no such photo in ${options.folder}`);
  say(`warming up with ${photos[0]} …`);
  const warm = await together(2, photos, options);
  const refused = warm.reads.find(({ status }) => status !== 'succeeded');
  if (refused) throw new Error(`${refused.name}: ${refused.status}`);
  let alone: number | null = null;
  const table: string[] = [];
  for (const many of options.photos) {
    const { ms, reads } = await together(many, photos, options);
    if (many === 1) alone = ms;
    say(`\n${many} at once:`);
    for (const { name, ms: own, status, stages } of reads)
      say(
        `  ${name.padEnd(24)} ${round(own)} ms  ${status}  ${stages.map((s) => `${s.name} ${round(s.ms)}`).join(', ')}`,
      );
    const ratio = alone === null ? '' : `${round(ms / alone, 2)} × one`;
    table.push(`${String(many).padStart(4)} photos  ${String(round(ms)).padStart(7)} ms  ${ratio}`);
  }
  say(`\n${table.join('\n')}`);
}

const env = parseEnv(ClientEnv);
const program = new Command('photos:concurrency')
  .description('sends photos of receipts at the same moment to a running service, and says how long they took')
  .option('--url <url>', 'of the service (SIGNALBOX_URL)', env.SIGNALBOX_URL)
  .option('--key <key>', 'an API key with jobs:write and jobs:read (SIGNALBOX_KEY)', env.SIGNALBOX_KEY)
  .option('--photos <counts>', 'how many at once, one round each', counts, [1, 2, 5, 20])
  .option('--reader <reader>', 'ocr; or stub (3 s outside of all threads), in the sandbox', 'ocr')
  .option('--photo <name>', 'the same each time, to compare like with like; or all, in turn', 'en-05-market.jpg')
  .option('--folder <folder>', 'of JPEG files', FOLDER)
  .action(main);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
