import { rowsFrom } from '../testing/rows-from.js';
import { findDocument, findInn, findSign, findStorage, isInn } from './fiscal-numbers.js';

describe('ИНН', () => {
  it.each(['7707083893', '500100732259'])('%s has the right check digits', (inn) => {
    expect(isInn(inn)).toBe(true);
  });

  it.each(['7707083894', '500100732258', '0000000000', '123'])('%s has not', (inn) => {
    expect(isInn(inn)).toBe(false);
  });

  it('is found on its row, and passed over where a digit was misread', () => {
    expect(findInn(rowsFrom('ООО "РОМАШКА"', 'ИНН 7707083893'))).toEqual({ value: '7707083893', row: 1 });
    expect(findInn(rowsFrom('ИНН 7707083898'))).toBeNull();
  });
});

describe('the fiscal numbers', () => {
  const rows = rowsFrom('ФН 8710000100123456', 'ФД: 12345', 'ФПД: 1234567890');

  it('are found by their form and their labels', () => {
    expect(findStorage(rows)?.value).toBe('8710000100123456');
    expect(findDocument(rows)?.value).toBe('12345');
    expect(findSign(rows)?.value).toBe('1234567890');
  });

  it('are none where they are not printed', () => {
    expect([findStorage, findDocument, findSign].map((find) => find(rowsFrom('ИТОГ 100.00')))).toEqual([
      null,
      null,
      null,
    ]);
  });
});
