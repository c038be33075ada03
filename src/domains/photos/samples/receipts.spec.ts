import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cleanPhoto } from '../pipeline/clean-photo.js';
import { fiscalText, totalOf, truthOf } from './receipt.js';
import { receipts } from './receipts.js';

const folder = join(__dirname, '../../../../samples/receipts');
const keys: unknown = JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8'));

it('keys.json says what the pictures were drawn from, and each picture is small', () => {
  expect(keys).toEqual(receipts.map(truthOf));
  for (const { name } of receipts) expect(statSync(join(folder, `${name}.jpg`)).size).toBeLessThan(150_000);
});

it('change is never below zero, and a fiscal QR has the sum of its receipt', () => {
  for (const receipt of receipts) expect(receipt.cash ?? Infinity).toBeGreaterThanOrEqual(totalOf(receipt));
  expect(receipts.map(fiscalText).filter(Boolean)).toHaveLength(3);
  const [first] = receipts.filter(({ fiscal }) => fiscal?.qr);
  expect(first && fiscalText(first)).toBe('t=20240314T1233&s=484.20&fn=9960440302145578&i=48211&fp=2904417365&n=1');
});

it.each(['en-03-coffee', 'en-05-market', 'ru-03-canteen'])('the photo %s is cut to its paper', async (name) => {
  expect(await cleanPhoto(readFileSync(join(folder, `${name}.jpg`)))).toMatchObject({ verdict: 'found', papers: 1 });
});

it.each(['en-01-bakery', 'ru-01-grocery'])('the scan %s is left whole', async (name) => {
  expect(await cleanPhoto(readFileSync(join(folder, `${name}.jpg`)))).toMatchObject({ quad: null, angle: 0 });
});
