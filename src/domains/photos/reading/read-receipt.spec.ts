import './testing/real-arrays.js';
import sharp from 'sharp';
import { readReceipt } from './read-receipt.js';

const ROWS = [
  ['GREEN LEAF TRADING SDN BHD'],
  ['NO 12, JALAN MAWAR 3, TAMAN INDAH'],
  ['43000 KAJANG, SELANGOR'],
  ['TEL: 03-87331234'],
  ['TAX INVOICE'],
  ['Date: 14/03/2018', '17:57'],
  ['Item', 'Amount'],
  ['WHITE BREAD', '6.40'],
  ['FRESH MILK', '5.00'],
  ['TOTAL RM', '11.40'],
  ['CASH', '20.00'],
  ['CHANGE', '8.60'],
];

/** A receipt as a drawing, in whatever font the machine has. */
function drawn(rows: readonly string[][]) {
  const texts = rows.map(([left = '', right = ''], i) => {
    const y = 70 + i * 52;
    return `<text x="40" y="${y}">${left}</text><text x="660" y="${y}" text-anchor="end">${right}</text>`;
  });
  const height = 120 + rows.length * 52;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="${height}"><rect width="700" height="${height}" fill="#f4f2ee"/>
    <g font-family="DejaVu Sans Mono, monospace" font-size="28" fill="#222">${texts.join('')}</g></svg>`,
  );
}

async function photo(rows: readonly string[][], turned = 0) {
  // Drawing needs what photos must not be; another spec in this process may have closed it, for sharp is one per process.
  sharp.unblock({ operation: ['VipsForeignLoadSvg'] });
  const image = sharp(drawn(rows)).flatten({ background: '#fff' }).rotate(turned);
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

describe('the built-in reader', () => {
  it('reads a receipt that lies upside down, and says where things stand on the photo', async () => {
    const reading = await readReceipt(await photo(ROWS, 180), { language: 'en', today: '2018-03-20' });
    expect(reading).toMatchObject({ reader: 'ocr', isReceipt: true, language: 'en', turned: 180, disagreements: [] });
    expect(reading.fields).toMatchObject({
      merchant: { value: 'GREEN LEAF TRADING SDN BHD' },
      date: { value: '2018-03-14' },
      time: { value: '17:57' },
      currency: { value: 'MYR' },
      total: { value: '11.40' },
    });
    // Upside down the total is in the left upper part of the photo.
    expect(reading.fields.total?.box?.x).toBeLessThan(200);
    expect(reading.fields.total?.box?.y).toBeLessThan(300);
    expect(reading.items.map(({ amount }) => amount)).toEqual(['6.40', '5.00']);
  }, 60_000);

  it('makes nothing up for a photo of something else', async () => {
    const reading = await readReceipt(await photo([]), { language: 'en' });
    expect(reading).toMatchObject({
      isReceipt: false,
      reason: 'No text was found on the photo.',
      items: [],
      needsReview: true,
    });
    expect(Object.values(reading.fields).every((field) => field === null)).toBe(true);
  }, 60_000);
});
