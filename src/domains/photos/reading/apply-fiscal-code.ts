import { decimal, hundredths } from './extraction/money.js';
import type { FiscalCode } from './fiscal-code.js';
import type { Field, ReadingCheck, ReadingFields } from './reading.js';

/** The code was written by the till: where it speaks it is right, and what was read is compared with it. */
export function applyFiscalCode(
  read: ReadingFields,
  code: FiscalCode,
): { fields: ReadingFields; checks: ReadingCheck[] } {
  const told = {
    total: decimal(code.total),
    date: code.date,
    fiscalStorage: code.storage,
    fiscalDocument: code.document,
    fiscalSign: code.sign,
  };
  const compare = (name: ReadingCheck['name'], field: keyof typeof told): ReadingCheck[] => {
    const found = read[field]?.value;
    if (found === undefined) return [];
    return [{ name, ok: sameNumber(field, found, told[field]), expected: told[field], found }];
  };
  const checks = [
    ...compare('qr_total', 'total'),
    ...compare('qr_date', 'date'),
    ...compare('qr_fiscal', 'fiscalStorage'),
  ];
  const sure = (field: keyof typeof told): Field => ({
    value: told[field],
    confidence: 1,
    box: read[field]?.box ?? null,
  });
  const fields = {
    ...read,
    total: sure('total'),
    date: sure('date'),
    time: { value: code.time, confidence: 1, box: read.time?.box ?? null },
    fiscalStorage: sure('fiscalStorage'),
    fiscalDocument: sure('fiscalDocument'),
    fiscalSign: sure('fiscalSign'),
    currency: { value: 'RUB', confidence: 1, box: null },
  };
  return { fields, checks };
}

const sameNumber = (field: string, a: string, b: string) =>
  field === 'total' ? hundredths(a) === hundredths(b) : a === b;
