import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PhotoPool } from '../src/domains/photos/pipeline/photo-pool.js';
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
