import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js';

/** Where Debian's packages put the data of tesseract; one folder for each of its versions. */
const SYSTEM = '/usr/share/tesseract-ocr';

interface LanguageData {
  code: string;
  folder: string;
  gzip: boolean;
}

let starting: Promise<Worker> | undefined;

/** Loaded once in a thread, from files: left to itself the library would fetch what it needs. */
export function cyrillicReader(): Promise<Worker> {
  starting ??= start();
  return starting;
}

/** Ends the threads behind it, where it was used at all. */
export async function closeCyrillicReader(): Promise<void> {
  const worker = await starting;
  starting = undefined;
  await worker?.terminate();
}

async function start(): Promise<Worker> {
  const { code, folder, gzip } = systemRussian() ?? bulgarian();
  const worker = await createWorker(code, OEM.LSTM_ONLY, { langPath: folder, gzip, cacheMethod: 'none' });
  await worker.setParameters({
    tessedit_pageseg_mode: PSM.SINGLE_BLOCK,
    preserve_interword_spaces: '1',
    // The canvas has no resolution of its own; left to guess, the library complains on every page.
    user_defined_dpi: '150',
  });
  return worker;
}

/** Russian, where the system has it. */
function systemRussian(): LanguageData | null {
  for (const version of list(SYSTEM)) {
    const folder = join(SYSTEM, version, 'tessdata');
    if (list(folder).includes('rus.traineddata')) return { code: 'rus', folder, gzip: false };
  }
  return null;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The Cyrillic data that comes with npm. */
function bulgarian(): LanguageData {
  const file = require.resolve('@tesseract.js-data/bul/4.0.0_best_int/bul.traineddata.gz');
  return { code: 'bul', folder: dirname(file), gzip: true };
}
