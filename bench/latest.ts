import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectRoot } from '../src/version.js';

type Part = Record<string, unknown> & { ratios: Record<string, number | null> };

/** What the last run of each bench found; `ratios` are of all of them together. */
const LATEST = join(projectRoot(), 'bench', 'results', 'latest.json');

/** Writes what a bench found beside what the others did. */
export async function intoLatest(part: Part, file = LATEST): Promise<void> {
  const before = await found(file);
  const all = { ...before, ...part, ratios: { ...before.ratios, ...part.ratios } };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(all, null, 2)}\n`);
}

async function found(file: string): Promise<Part> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{ "ratios": {} }';
    throw error;
  });
  return JSON.parse(text) as Part;
}
