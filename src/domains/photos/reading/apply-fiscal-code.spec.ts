import { applyFiscalCode } from './apply-fiscal-code.js';
import { NO_FIELDS } from './extraction/extracted.js';
import type { Field } from './reading.js';

const field = (value: string): Field => ({ value, confidence: 0.8, box: null });
const code = {
  date: '2019-03-15',
  time: '18:05',
  total: 16200,
  storage: '8710000100123456',
  document: '12345',
  sign: '1234567890',
};

describe('a fiscal QR code beside the text', () => {
  it('fills in what could not be read', () => {
    const { fields, checks } = applyFiscalCode(NO_FIELDS, code);
    expect(fields).toMatchObject({
      total: { value: '162.00' },
      date: { value: '2019-03-15' },
      fiscalSign: { value: '1234567890' },
    });
    expect(checks).toEqual([]);
  });

  it('wins over the text, and the disagreement is told', () => {
    const { fields, checks } = applyFiscalCode(
      { ...NO_FIELDS, total: field('182.00'), date: field('2019-03-15') },
      code,
    );
    expect(fields.total?.value).toBe('162.00');
    expect(checks).toEqual([
      { name: 'qr_total', ok: false, expected: '162.00', found: '182.00' },
      { name: 'qr_date', ok: true, expected: '2019-03-15', found: '2019-03-15' },
    ]);
  });
});
