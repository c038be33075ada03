import { findAmounts } from './amounts.js';
import { decimal, hundredths } from './money.js';

const values = (text: string) => findAmounts(text).map(({ value }) => decimal(value));

describe('amounts', () => {
  it.each([
    ['TOTAL RM 41.50', ['41.50']],
    ['1,234.50', ['1234.50']],
    ['12 345,60', ['12345.60']],
    ['2 x 3.20  6.40', ['3.20', '6.40']],
    ['ROUNDING -0.02', ['-0.02']],
    ['RMO.00', ['0.00']],
    ['5O.OO', ['50.00']],
    ['CHANGE RM ,00', ['0.00']],
    ['TEL 03-7785 1234', []],
    ['14/03/2018', []],
    ['14.03.2018', []],
    ['1.250 kg', []],
    ['No 12', []],
  ])('of "%s"', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('are decimal strings there and back', () => {
    expect([hundredths('41.50'), hundredths('-0.02'), hundredths('7')]).toEqual([4150, -2, 700]);
    expect([decimal(5), decimal(-5), decimal(123456)]).toEqual(['0.05', '-0.05', '1234.56']);
  });
});
