import { rowsFrom } from '../testing/rows-from.js';
import { findMerchant } from './merchant.js';

const merchant = (...texts: string[]) => findMerchant(rowsFrom(...texts))?.text ?? null;

describe('the merchant', () => {
  it('is not what stands above every receipt', () => {
    expect(merchant('1800131', 'TAX INVOICE', 'CASH SALE', 'GREEN LEAF TRADING', 'NO 1, JALAN SATU')).toBe(
      'GREEN LEAF TRADING',
    );
  });

  it('is the registered firm below a sign', () => {
    expect(merchant('Sunrise', 'Green Leaf Foods Sdn Bhd', '12345-A')).toBe('Green Leaf Foods Sdn Bhd');
  });

  it('goes on over several rows', () => {
    expect(merchant('GREEN LEAF HARDWARE', 'ENTERPRISE (TAMAN', 'SATU) SDN BHD', '822000-X')).toBe(
      'GREEN LEAF HARDWARE ENTERPRISE (TAMAN SATU) SDN BHD',
    );
    expect(merchant('GREEN LEAF SEAFOOD', 'RESTAURANT SDN BHD', '(822000-X)')).toBe(
      'GREEN LEAF SEAFOOD RESTAURANT SDN BHD',
    );
  });

  it('loses its number of registration', () => {
    expect(merchant('GREEN LEAF S/B (587000-U)', 'GST NO: 000342237184')).toBe('GREEN LEAF S/B');
    expect(merchant('GREEN LEAF SDN. BHD. (249000-T)')).toBe('GREEN LEAF SDN. BHD');
  });

  it('is not the owner named below the address', () => {
    expect(merchant('GREEN LEAF SHOP', 'NO 1, JALAN SATU', 'Owned By:', 'LEAF SUPPLY SDN BHD')).toBe('GREEN LEAF SHOP');
  });

  it('is nobody where nothing is named', () => {
    expect(merchant('12345', 'TEL: 03-1234567')).toBeNull();
  });
});
