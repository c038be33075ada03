import { itemsCsv } from './receipt-items.csv.js';

const item = { text: 'TEA', quantity: '2', unitPrice: '1.50', amount: '3.00', confidence: 0.9, box: null };

describe('the items of a receipt as CSV', () => {
  it('is a row for each', () => {
    expect(itemsCsv({ items: [item, { ...item, quantity: null, unitPrice: null }] })).toBe(
      'text,quantity,unitPrice,amount,confidence\r\nTEA,2,1.50,3.00,0.9\r\nTEA,,,3.00,0.9\r\n',
    );
    expect(itemsCsv({})).toBe('text,quantity,unitPrice,amount,confidence\r\n');
  });

  it('runs nothing in a spreadsheet, and keeps commas and quotes', () => {
    const rows = itemsCsv({ items: ['=1+1', '@SUM(A1)', 'a,b', '5" nails'].map((text) => ({ ...item, text })) });
    expect(rows.split('\r\n').slice(1, 5)).toEqual([
      `"'=1+1",2,1.50,3.00,0.9`,
      `"'@SUM(A1)",2,1.50,3.00,0.9`,
      '"a,b",2,1.50,3.00,0.9',
      '"5"" nails",2,1.50,3.00,0.9',
    ]);
  });
});
