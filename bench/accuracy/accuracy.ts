import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readReceipt } from '../../src/domains/photos/reading/read-receipt.js';
import { closeCyrillicReader } from '../../src/domains/photos/reading/russian/tesseract.js';
import { compare } from './compare.js';
import { decodeImage } from './decode-image.js';
import { readKeys } from './keys.js';
import { printed, reportOf, type Result } from './report.js';

const USAGE = 'npm run accuracy -- [--data DIR] [--out FILE] [--language en|ru|auto]';
const SHIPPED = join(__dirname, '../../../samples/receipts');
const LANGUAGES = ['en', 'ru', 'auto'] as const;

/** Reads every receipt of a folder (without one: those that are shipped) with the built-in reader and compares it with its key. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: SHIPPED },
      out: { type: 'string' },
      language: { type: 'string', default: 'auto' },
    },
  });
  const language = LANGUAGES.find((one) => one === values.language);
  if (!language) throw new Error(USAGE);
  const results: Result[] = [];
  for (const key of readKeys(values.data)) {
    const before = process.cpuUsage();
    const reading = await readReceipt(await decodeImage(readFileSync(join(values.data, key.image))), { language });
    const { user, system } = process.cpuUsage(before);
    results.push({ image: key.image, comparisons: compare(reading, key), cpuSeconds: (user + system) / 1e6 });
  }
  await closeCyrillicReader();
  const report = reportOf(results);
  process.stdout.write(`${printed(report, results, process.resourceUsage().maxRSS / 1024)}\n`);
  if (values.out) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
