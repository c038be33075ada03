import type { Field } from '../reading.js';
import { rowsFrom } from '../testing/rows-from.js';
import { extractRussian, looksRussian } from './russian.js';

const ROWS = rowsFrom(
  'ООО "РОМАШКА"',
  '123456, г. Москва, ул. Лесная, д. 5',
  'ИНН 7707083893',
  'КАССОВЫЙ ЧЕК / ПРИХОД',
  '15.03.19  18:05',
  'Хлеб ржаной',
  '2 * 45.90  =91.80',
  'Молоко 1л',
  '1 * 70.20  =70.20',
  'ИТОГ БЕЗ СКИДКИ  172.00',
  'ИТОГ  =162.00',
  'НАЛИЧНЫМИ  =200.00',
  'СДАЧА  =38.00',
  'СУММА НДС 10%  14.73',
  'ФН 8710000100123456',
  'ФД 12345',
  'ФП 1234567890',
);

describe('a Russian receipt', () => {
  const { fields, items } = extractRussian(ROWS);
  const values = Object.fromEntries(
    (Object.entries(fields) as [string, Field | null][]).map(([name, field]) => [name, field?.value ?? null]),
  );

  it('gives every field that is printed', () => {
    expect(values).toMatchObject({
      merchant: 'ООО "РОМАШКА"',
      address: '123456, г. Москва, ул. Лесная, д. 5',
      taxId: '7707083893',
      date: '2019-03-15',
      time: '18:05',
      currency: 'RUB',
      total: '162.00',
      tax: '14.73',
      payment: 'cash',
      cash: '200.00',
      change: '38.00',
      fiscalStorage: '8710000100123456',
      fiscalDocument: '12345',
      fiscalSign: '1234567890',
    });
  });

  it('gives its items', () => {
    expect(items.map(({ text, quantity, unitPrice, amount }) => [text, quantity, unitPrice, amount])).toEqual([
      ['Хлеб ржаной', '2', '45.90', '91.80'],
      ['Молоко 1л', '1', '70.20', '70.20'],
    ]);
  });

  it('has items whose quantity and price of one stand below them', () => {
    const rows = rowsFrom(
      'г. Тверь, ул. Садовая, д. 17',
      'КАССОВЫЙ ЧЕК',
      'ХЛЕБ РЖАНОЙ  180.00',
      'МОЛОКО 3,2% 1Л  179.80',
      '2 Хх 89.90',
      'САМОРЕЗ 4х40 100шт  126.00',
      'ЗХ 42.00',
      'КАРАНДАШ 2 150.00',
      '6х 25.00',
      'иТтоГг 635.80',
    );
    const found = extractRussian(rows).items;
    expect(found.map(({ text, quantity, unitPrice, amount }) => [text, quantity, unitPrice, amount])).toEqual([
      ['ХЛЕБ РЖАНОЙ', null, null, '180.00'],
      ['МОЛОКО 3,2% 1Л', '2', '89.90', '179.80'],
      ['САМОРЕЗ 4х40 100шт', '3', '42.00', '126.00'],
      ['КАРАНДАШ 2', '6', '25.00', '150.00'],
    ]);
  });

  it('has the name of a firm whose form was misread', () => {
    const named = (text: string) => extractRussian(rowsFrom(text)).fields.merchant?.value;
    expect(named('00 "МАСТЕРОВОЙ"')).toBe('ООО "МАСТЕРОВОЙ"');
    expect(named('000 "БУМАЖНЬЙ ЗМЕЙ"')).toBe('ООО "БУМАЖНЫЙ ЗМЕЙ"');
  });

  it('is told by its words', () => {
    expect(looksRussian(ROWS)).toBe(true);
    expect(looksRussian(rowsFrom('TOTAL 5.00', 'CASH 5.00'))).toBe(false);
  });

  it('is paid by card where it says so', () => {
    const paid = extractRussian(rowsFrom('ИТОГ  =162.00', 'БЕЗНАЛИЧНЫМИ  =162.00')).fields;
    expect([paid.payment?.value, paid.cash, paid.total?.value]).toEqual(['card', null, '162.00']);
  });

  it('does not take the period of an offer for its date', () => {
    expect(extractRussian(rowsFrom('Акция 01.03.19-31.03.19', 'ИТОГ 5.00')).fields.date).toBeNull();
  });
});
