import { parseFiscalCode } from './fiscal-code.js';

const CODE = 't=20190315T1805&s=162.00&fn=8710000100123456&i=12345&fp=1234567890&n=1';

describe('the text of a fiscal QR code', () => {
  it('gives the total, the time and the numbers', () => {
    expect(parseFiscalCode(CODE)).toEqual({
      date: '2019-03-15',
      time: '18:05',
      total: 16200,
      storage: '8710000100123456',
      document: '12345',
      sign: '1234567890',
    });
  });

  it.each(['https://example.com/?t=1', 'hello', '', CODE.replace('s=162.00', 's=a lot'), CODE.replace('&n=1', '')])(
    'is not "%s"',
    (text) => {
      expect(parseFiscalCode(text)).toBeNull();
    },
  );
});
