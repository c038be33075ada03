import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { intoLatest } from './latest.js';

describe('the latest results', () => {
  it('are of every bench, each beside the others', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latest-'));
    const file = join(folder, 'results', 'latest.json');
    try {
      await intoLatest({ bench: 'one', ratios: { a: 1, b: 2 } }, file);
      await intoLatest({ other: { calls: 7 }, ratios: { c: null } }, file);
      await intoLatest({ bench: 'one', ratios: { a: 3, b: 2 } }, file);
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
        bench: 'one',
        other: { calls: 7 },
        ratios: { a: 3, b: 2, c: null },
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
