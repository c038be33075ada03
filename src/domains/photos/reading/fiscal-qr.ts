import { readFileSync } from 'node:fs';
import { prepareZXingModule, readBarcodes, type ReaderOptions } from 'zxing-wasm';
import { sharp } from '../../../kernel/files/image-loaders.js';
import { parseFiscalCode, type FiscalCode } from './fiscal-code.js';
import type { Raster } from './ocr/raster.js';

const OPTIONS: ReaderOptions = { formats: ['QRCode'], tryHarder: true, tryInvert: false, maxNumberOfSymbols: 4 };
/** A second look: larger, grey, a little blurred, black or white. */
const LARGER = 2;
const LARGEST = 4000;
const BLACK_BELOW = 140;

let ready = false;

/** The fiscal QR code on a photo, if it can be read; a code that says anything else is none. */
export async function readFiscalCode({ data, width, height }: Raster): Promise<FiscalCode | null> {
  prepare();
  const image = () => sharp(data, { raw: { width, height, channels: 3 } });
  const plain = await image().ensureAlpha().raw().toBuffer();
  const first = await decode(plain, width, height);
  if (first || Math.max(width, height) * LARGER > LARGEST) return first;
  const [w, h] = [width * LARGER, height * LARGER];
  const second = image().resize(w, h, { fit: 'fill' }).greyscale().blur(1).threshold(BLACK_BELOW);
  return decode(await second.toColourspace('srgb').ensureAlpha().raw().toBuffer(), w, h);
}

/** Left to itself the library fetches its WebAssembly from the network. */
function prepare(): void {
  if (ready) return;
  const file = readFileSync(require.resolve('zxing-wasm/full/zxing_full.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(file).buffer } });
  ready = true;
}

async function decode(rgba: Buffer, width: number, height: number): Promise<FiscalCode | null> {
  const image = { data: new Uint8ClampedArray(rgba), width, height, colorSpace: 'srgb' as const };
  const found = await readBarcodes(image, OPTIONS);
  for (const { text } of found) {
    const code = parseFiscalCode(text);
    if (code) return code;
  }
  return null;
}
