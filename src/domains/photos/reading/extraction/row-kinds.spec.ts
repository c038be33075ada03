import { kindOf } from './row-kinds.js';

describe('what a row of the head is about', () => {
  it.each([
    ['(123456-A)', 'registration'],
    ['COMPANY REG. NO: 123456-A', 'registration'],
    ['(65000-M) formerly known as', 'registration'],
    ['GST ID: 000181747712', 'taxNumber'],
    ['65T Reg No : 000423100416', 'taxNumber'],
    ['TEL: 03-62000000', 'phone'],
    ['016-5400000', 'phone'],
    ['TAX INVOICE', 'document'],
    ['Cashier: USER', 'person'],
    ['14/03/2018 17:57', 'date'],
    ['52200', 'text'],
    ['LOT 2811', 'text'],
    ['JALAN 6/2/12', 'text'],
    ['KINGSTON STATIONERY', 'text'],
    ['HOTEL (M) SDN BHD', 'text'],
    ['HANDPHONE CENTRE', 'text'],
    ['----------', 'rule'],
  ])('"%s" is %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});
