import { mergeDigits } from './merge-digits.js';

describe('two readings of one row', () => {
  it('give the words of one and the numbers of the other', () => {
    expect(mergeDigits('ИТОГ 1З4.50', 'NTOr 134.50')).toBe('ИТОГ 134.50');
    expect(mergeDigits('Чек 12 от 15.03.18', '4 17 oT 15.03.19')).toBe('Чек 12 от 15.03.18');
  });

  it('take no digit inside a word for a number', () => {
    expect(mergeDigits('г. Казань, ул. Баумана, д. 409', 'r. Ka3aHb, yn. 6ayMaHa, 40')).toBe(
      'г. Казань, ул. Баумана, д. 40',
    );
    expect(mergeDigits('Чек 12 от 15.03.18', '4eK 17 oT 15.03.19')).toBe('Чек 17 от 15.03.19');
  });

  it('adds an amount that only one of them saw', () => {
    expect(mergeDigits('ИТОГ', 'NTOr 134.50')).toBe('ИТОГ 134.50');
  });
});
