import { rowsFrom } from '../testing/rows-from.js';
import { whyNoReceipt } from './is-receipt.js';

describe('whether a page is a receipt', () => {
  it('is one with amounts and the words of one', () => {
    expect(whyNoReceipt(rowsFrom('SHOP', 'BREAD 4.00', 'TOTAL 4.00', 'CASH 5.00'))).toBeNull();
  });

  it.each([
    [[], 'No text was found on the photo.'],
    [['HELLO'], 'There is hardly any text on the photo.'],
    [['Dear John,', 'how are you?', 'We are fine.', 'Yours, Jane'], 'There are no amounts of money on the photo.'],
    [
      ['Chapter 1.25', 'Once upon a time', 'there was a king', 'who had a horse'],
      'The text on the photo is not that of a receipt.',
    ],
  ])('is none: %j', (texts, reason) => {
    expect(whyNoReceipt(rowsFrom(...texts))).toBe(reason);
  });
});
