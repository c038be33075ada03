// Draws samples/receipts anew: `node -r ./test/setup/run-ts.cjs src/domains/photos/samples/draw-receipts.ts`.
// The pictures are committed, because letters differ from machine to machine with its fonts (ours: DejaVu).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { asQuad, type Quad } from '../pipeline/geometry.js';
import type { Picture } from '../pipeline/picture.js';
import { fromPixels } from '../pipeline/safe-sharp.js';
import { fiscalText, truthOf, type Receipt } from './receipt.js';
import { receiptSvg, type QrModules } from './receipt-svg.js';
import { receipts } from './receipts.js';
import { photographed } from './scene.js';
import type { TableName } from './tables.js';

const PHOTO = { width: 1200, height: 1600 };

/** How each is photographed; the others are flat, as a scanner sees them. */
const TAKEN: Record<string, { table: TableName; turn: number; tilt: number; shadow: number }> = {
  'en-03-coffee': { table: 'wood', turn: 7, tilt: 0.05, shadow: 0.25 },
  'en-04-pharmacy': { table: 'dark', turn: -11, tilt: 0.07, shadow: 0 },
  'en-05-market': { table: 'busy', turn: 5, tilt: 0.04, shadow: 0.3 },
  'en-06-restaurant': { table: 'light', turn: -6, tilt: 0.06, shadow: 0.2 },
  'en-07-books': { table: 'wood', turn: 14, tilt: 0.03, shadow: 0.35 },
  'ru-02-books': { table: 'dark', turn: 6, tilt: 0.05, shadow: 0.2 },
  'ru-03-canteen': { table: 'wood', turn: -4, tilt: 0.04, shadow: 0.15 },
  'ru-04-tools': { table: 'busy', turn: -9, tilt: 0.05, shadow: 0.25 },
};

async function drawn(receipt: Receipt): Promise<Picture> {
  const svg = Buffer.from(receiptSvg(receipt, await qrOf(receipt)));
  const { data, info } = await sharp(svg).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function qrOf(receipt: Receipt): Promise<QrModules | undefined> {
  const text = fiscalText(receipt);
  if (!text) return undefined;
  const { symbol, error } = await writeBarcode(text, { format: 'QRCode' });
  if (error) throw new Error(error);
  return { size: symbol.width, dark: Array.from(symbol.data, (value) => value === 0) };
}

function taken(page: Picture, name: string, seed: number): Picture {
  const photo = TAKEN[name];
  if (!photo) return page;
  const { table, turn, tilt, shadow } = photo;
  return photographed({ ...PHOTO, table, shadow, seed, grain: 3, sheets: [{ page, quad: lying(page, turn, tilt) }] });
}

/** As large as the photo allows, with a hand of table around it. */
function lying(page: Picture, turn: number, tilt: number): Quad {
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const height = Math.min(PHOTO.height * 0.41, (PHOTO.width * 0.37 * page.height) / page.width);
  const half = { x: (height * page.width) / page.height, y: height };
  const corners = [
    [-half.x * (1 - tilt), -half.y],
    [half.x * (1 - tilt), -half.y],
    [half.x, half.y],
    [-half.x, half.y],
  ] as const;
  const [mx, my] = [PHOTO.width / 2, PHOTO.height / 2];
  return asQuad(corners.map(([x, y]) => ({ x: mx + x * cos - y * sin, y: my + x * sin + y * cos })));
}

async function main(): Promise<void> {
  const folder = join(__dirname, '../../../../samples/receipts');
  mkdirSync(folder, { recursive: true });
  // The service may not render SVG; this program, which is not the service, draws with it.
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
  const wasm = readFileSync(require.resolve('zxing-wasm/writer/zxing_writer.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  for (const [i, receipt] of receipts.entries()) {
    const { data, width, height } = taken(await drawn(receipt), receipt.name, i + 1);
    const jpeg = fromPixels(data, width, height, 3).jpeg({ quality: 72, mozjpeg: true });
    writeFileSync(join(folder, truthOf(receipt).image), await jpeg.toBuffer());
  }
  writeFileSync(join(folder, 'keys.json'), `${JSON.stringify(receipts.map(truthOf), null, 2)}\n`);
}

void main();
