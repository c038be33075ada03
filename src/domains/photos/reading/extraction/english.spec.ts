import type { Field } from '../reading.js';
import { rowsFrom } from '../testing/rows-from.js';
import { extractEnglish } from './english.js';

const ROWS = rowsFrom(
  'GREEN LEAF TRADING SDN BHD',
  '(123456-A)',
  'NO 1, JALAN SATU, TAMAN DUA',
  '52200 KUALA LUMPUR',
  'TEL: 03-62000000',
  'GST ID: 0001 8174 7712',
  'Date: 03/04/2018  Time: 05:57 PM',
  'DESCRIPTION  QTY  PRICE  AMOUNT',
  'BREAD  2  3.20  6.40',
  'MILK  1  5.02  5.02',
  'SUB TOTAL  11.42',
  'TOTAL GST  0.65',
  'ROUNDING ADJ  -0.02',
  'TOTAL RM  11.40',
  'CASH  20.00',
  'CHANGE  8.60',
);

describe('an English receipt', () => {
  const { fields, items, guessedTotal, undecided } = extractEnglish(ROWS);
  const values = Object.fromEntries(
    (Object.entries(fields) as [string, Field | null][]).map(([name, field]) => [name, field?.value ?? null]),
  );

  it('gives every field that is printed', () => {
    expect(values).toMatchObject({
      merchant: 'GREEN LEAF TRADING SDN BHD',
      address: 'No.1, JALAN SATU, TAMAN DUA 52200 KUALA LUMPUR',
      taxId: '000181747712',
      date: '2018-04-03',
      time: '17:57',
      currency: 'MYR',
      subtotal: '11.42',
      tax: '0.65',
      rounding: '-0.02',
      total: '11.40',
      payment: 'cash',
      cash: '20.00',
      change: '8.60',
      fiscalStorage: null,
    });
    expect(items.map(({ text, amount }) => [text, amount])).toEqual([
      ['BREAD', '6.40'],
      ['MILK', '5.02'],
    ]);
    expect([guessedTotal, undecided]).toEqual([false, null]);
  });

  it('says where each stands', () => {
    expect(fields.total?.box).toMatchObject({ x: 200, y: 13 * 40 });
    expect(fields.address?.box).toEqual({ x: 0, y: 80, width: 180, height: 70 });
    expect(fields.merchant?.confidence).toBeCloseTo(0.97);
  });
});
