import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PhotoPool } from '../src/domains/photos/pipeline/photo-pool.js';
import { sharp } from '../src/kernel/files/image-loaders.js';
import { holdRuntime } from '../src/domains/photos/reading/ocr/hold-runtime.js';
import { execArgv } from './setup/photo-worker-entry.js';

const worker = { file: join(__dirname, '../src/domains/photos/reading/testing/unruly-reader.ts'), execArgv };
const bytes = readFileSync(join(__dirname, '../samples/receipts/en-05-market.jpg'));

it('receipts are read after threads that died before they had answered anything', async () => {
  const pool = new PhotoPool({ threads: 1, worker, hold: holdRuntime });
  const photo = (read: Record<string, unknown>) => pool.run('photo', { bytes, options: { whiten: false, read } });
  try {
    // Each ends two threads, of which none ever answered.
    for (let i = 0; i < 2; i++) expect(await photo({ misdeed: 'exit' })).toMatchObject({ code: 'photo_crashed' });
    expect(await photo({ language: 'en' })).toMatchObject({ ok: true, value: { reading: { ok: true } } });
  } finally {
    await pool.close();
  }
});

it('a thread that starts leaves alone what images the process can open', async () => {
  const svg = { operation: ['VipsForeignLoadSvgBuffer'] };
  const open = () => sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')).metadata();
  await expect(open()).rejects.toThrow(/unsupported image format/);
  sharp.unblock(svg);
  const pool = new PhotoPool({ threads: 1, worker, hold: holdRuntime });
  try {
    await pool.warm();
    expect((await open()).width).toBe(9);
  } finally {
    sharp.block(svg);
    await pool.close();
  }
});
