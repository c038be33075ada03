import { rowsFrom } from '../testing/rows-from.js';
import { findItems } from './items.js';

const short = (...texts: string[]) =>
  findItems(rowsFrom(...texts), 0).map(({ text, quantity, unitPrice, amount }) => [text, quantity, unitPrice, amount]);

describe('items', () => {
  it('with their figures beside them', () => {
    expect(
      short(
        'SHOP',
        'DESCRIPTION  QTY  PRICE  AMOUNT',
        'BREAD  2  3.20  6.40',
        'MILK  1  5.00  5.00 SR',
        'TOTAL  11.40',
      ),
    ).toEqual([
      ['BREAD', '2', '3.20', '6.40'],
      ['MILK', '1', '5.00', '5.00'],
    ]);
  });

  it('with their figures below them', () => {
    expect(
      short(
        'SHOP',
        'ITEM  AMOUNT',
        'WHITE PAPER A4',
        '3 X 2.9000  8.70 SR',
        'BLUE PEN',
        '1 X 1.50  1.50',
        'TOTAL  10.20',
      ),
    ).toEqual([
      ['WHITE PAPER A4', '3', '2.90', '8.70'],
      ['BLUE PEN', '1', '1.50', '1.50'],
    ]);
  });

  it('with their figures above them', () => {
    expect(
      short(
        'SHOP',
        'ITEM  QTY  AMOUNT',
        '9555223500307  2  2.00  4.00',
        'LEMON SWEETS',
        '9557166110018  1  3.00  3.00',
        'PLUM SWEETS',
        'TOTAL  7.00',
      ),
    ).toEqual([
      ['LEMON SWEETS', '2', '2.00', '4.00'],
      ['PLUM SWEETS', '1', '3.00', '3.00'],
    ]);
  });

  it('has no quantity that does not make the amount', () => {
    expect(short('SHOP', 'ITEM  AMOUNT', 'BREAD  7  3.20  6.40', 'TOTAL  6.40')).toEqual([
      ['BREAD', null, null, '6.40'],
    ]);
  });

  it('with what one of them costs in a row under the amount, however it is spaced', () => {
    expect(
      short('SHOP', 'LOAF  14.50', 'CROISSANT  18.60', '3X 6.20', 'FLAT WHITE  19.60', '2 X9.80', 'TOTAL  52.70'),
    ).toEqual([
      ['LOAF', null, null, '14.50'],
      ['CROISSANT', '3', '6.20', '18.60'],
      ['FLAT WHITE', '2', '9.80', '19.60'],
    ]);
  });

  it('with what one of them costs in a row above the amount', () => {
    expect(short('SHOP', 'ITEM  AMOUNT', 'LOAF  14.50', '3X6.20', 'CROISSANT  18.60', 'TOTAL  33.10')).toEqual([
      ['LOAF', null, null, '14.50'],
      ['CROISSANT', '3', '6.20', '18.60'],
    ]);
  });

  it('keeps a size that only looks like a quantity', () => {
    expect(short('SHOP', 'ITEM  AMOUNT', 'SCREWS 4X40  17.80', '2X 8.90', 'TOTAL  17.80')).toEqual([
      ['SCREWS 4X40', '2', '8.90', '17.80'],
    ]);
  });
});
