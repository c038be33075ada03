import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm';
import { readFiscalCode } from './fiscal-qr.js';

const CODE = 't=20190315T1805&s=162.00&fn=8710000100123456&i=12345&fp=1234567890&n=1';

async function photoOf(text: string) {
  // Drawing needs what photos must not be; another spec in this process may have closed it, for sharp is one per process.
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
  const wasm = readFileSync(require.resolve('zxing-wasm/full/zxing_full.wasm'));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  const { svg } = await writeBarcode(text, { format: 'QRCode' });
  const code = await sharp(Buffer.from(svg)).resize(260, 260, { kernel: 'nearest' }).png().toBuffer();
  const page = sharp({ create: { width: 500, height: 600, channels: 3, background: '#eee' } });
  const { data, info } = await page
    .composite([{ input: code, left: 120, top: 200 }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

describe('the fiscal QR code on a photo', () => {
  it('is read', async () => {
    expect(await readFiscalCode(await photoOf(CODE))).toMatchObject({ total: 16200, date: '2019-03-15' });
  });

  it('is none where the code is that of something else', async () => {
    expect(await readFiscalCode(await photoOf('https://example.com/receipt'))).toBeNull();
  });
});
