import { rowsFrom } from '../testing/rows-from.js';
import { chooseTotal } from './choose-total.js';
import { decimal } from './money.js';
import { findPayment } from './tender.js';

function total(...texts: string[]) {
  const rows = rowsFrom(...texts);
  const found = chooseTotal(rows, findPayment(rows));
  return found && decimal(found.value);
}

describe('the total', () => {
  it('is not the subtotal, the tax or the number of items', () => {
    expect(
      total('SUB TOTAL  60.00', 'TOTAL GST  3.60', 'TOTAL QTY  2.00', 'TOTAL  63.60', 'CASH  70.00', 'CHANGE  6.40'),
    ).toBe('63.60');
  });

  it('is found where the word was misread', () => {
    expect(total('IUIAL  22.80', 'THANK YOU')).toBe('22.80');
  });

  it('is the rounded one of two', () => {
    expect(total('TOTAL INCL GST  41.48', 'ROUNDING  0.02', 'TOTAL  41.50')).toBe('41.50');
  });

  it('is not the total of the tax summary', () => {
    expect(total('A  1.00', 'B  2.00', 'TOTAL  15.40', 'GST SUMMARY  AMOUNT', 'TOTAL  14.53  0.87')).toBe('15.40');
  });

  it('stands on the next row where its own has no amount', () => {
    expect(total('TOTAL', '15.40', 'THANK YOU')).toBe('15.40');
  });

  it('gets its point back where it lost it', () => {
    expect(total('GOODS  41.50', 'TOTAL  4150')).toBe('41.50');
  });

  it('is what was paid, where one of its digits was misread', () => {
    const rows = ['TOTAL  7,938.80', 'CASH  7,840.00', 'CHANGE  1.20', 'SR 6  7,395.09  443.71  7,838.80'];
    expect(total(...rows)).toBe('7838.80');
  });

  it('is a guess where nothing names it', () => {
    const rows = rowsFrom('BREAD  4.00', 'MILK  6.50');
    expect(chooseTotal(rows, findPayment(rows))).toMatchObject({ value: 650, guessed: true });
    expect(total('HELLO', 'WORLD')).toBeNull();
  });
});
