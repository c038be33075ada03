import { rowsFrom } from '../testing/rows-from.js';
import { findAddress } from './address-rows.js';

const address = (...texts: string[]) =>
  findAddress(rowsFrom('GREEN LEAF SDN BHD', ...texts), 0)?.texts.join(' ') ?? null;

describe('the address', () => {
  it('runs from its number to the telephone', () => {
    expect(address('(123456-A)', 'NO 1, JALAN SATU,', 'TAMAN DUA,', '52200 KUALA LUMPUR.', 'TEL: 03-62000000')).toBe(
      'NO 1, JALAN SATU, TAMAN DUA, 52200 KUALA LUMPUR.',
    );
  });

  it('is found below the tax number and ends before the next', () => {
    expect(address('GST ID: 000181747712', 'LOT 5, JALAN TIGA', '41150 KLANG', 'SST NO W10-1808-32000001')).toBe(
      'LOT 5, JALAN TIGA 41150 KLANG',
    );
  });

  it('leaves the telephone on its own row out', () => {
    expect(address('5, LORONG EMPAT', '43300 KAJANG TEL: 03-8700000', 'CASH')).toBe('5, LORONG EMPAT 43300 KAJANG');
  });

  it('does not begin with the name of the branch', () => {
    expect(address('Bandar Baru', 'No 15 Jalan Lima', 'Bandar Baru')).toBe('No 15 Jalan Lima Bandar Baru');
  });

  it('ends at a telephone number without a label, a date and an invoice', () => {
    expect(address('5, JALAN ENAM', '43300 KAJANG', '016-5400000')).toBe('5, JALAN ENAM 43300 KAJANG');
    expect(address('5, JALAN ENAM', '14/03/2018 17:57')).toBe('5, JALAN ENAM');
    expect(address('5, JALAN ENAM', 'TAX INVOICE', 'LOT 9 JALAN TUJUH')).toBe('5, JALAN ENAM');
  });

  it('begins with the number of a house in an English street', () => {
    expect(address('22 FERRY LANE,BRISTOL BS1 4RT', 'VAT NO 318220491')).toBe('22 FERRY LANE,BRISTOL BS1 4RT');
    expect(address('118 0RCHARD ROW,LEEDS LS2 7DJ', 'TEL 0113496 0182')).toBe('118 0RCHARD ROW,LEEDS LS2 7DJ');
  });

  it('is none where none is printed', () => {
    expect(address('TEL: 03-62000000', 'TOTAL 5.00')).toBeNull();
  });
});
