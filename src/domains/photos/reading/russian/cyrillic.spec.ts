import { amountText, russianKey, toCyrillic, toDigits } from './cyrillic.js';

describe('Cyrillic', () => {
  it('takes Latin letters that print alike for Cyrillic ones', () => {
    expect(toCyrillic('MOCKBA')).toBe('МОСКВА');
    expect(russianKey('MAГA3ИH, чёк')).toBe('магазинчек');
  });

  it('puts letters among digits right and closes the spaces', () => {
    expect(toDigits('ИНН 77О7 0838 9З')).toBe('ИНН 7707083893');
  });

  it('does not take the sign of equality for a minus', () => {
    expect(amountText('ИТОГ -162 . 00')).toBe('ИТОГ  162.00');
    expect(amountText('≡91.80')).toBe(' 91.80');
  });
});
