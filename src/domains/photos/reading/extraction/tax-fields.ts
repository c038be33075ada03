import type { Field } from '../reading.js';
import type { Row } from '../row.js';
import { findAmounts } from './amounts.js';
import { amountField } from './row-field.js';
import { contains, wordKey } from './text-key.js';

export interface TaxFields {
  subtotal: Field | null;
  tax: Field | null;
  rounding: Field | null;
}

/** A charge for service, in hundredths; it is in the total, not in the subtotal. */
export function findServiceCharge(rows: readonly Row[]): number {
  return labelled(rows, SERVICE, (value) => value > 0)?.value ?? 0;
}

type Says = (key: string) => boolean;

const SUBTOTAL: readonly Says[] = [
  (key) => contains(key, 'subtotal'),
  (key) => /total.*(ex[cd]l|before)|ex[cd]l.*total/.test(key),
];
const TAX: readonly Says[] = [
  (key) => /total(gst|sst|tax|vat)|(gst|sst|tax|vat)(total|amount|amt)(?!e)/.test(key),
  (key) => /^(add)?(gst|sst|vat|servicetax|salestax)[@(]?\d?/.test(key) && !/inc|excl|reg|id|summar|no|code/.test(key),
];
const SERVICE: readonly Says[] = [(key) => /serv\w*ch|svc|scharge|servicecharge|^service[@l\d]/.test(key)];
const ROUNDING: readonly Says[] = [(key) => /round/.test(key) && !contains(key, 'total') && !/amount|amt/.test(key)];
/** Rounding to five or ten sen is never more than this, in hundredths. */
const MOST_ROUNDING = 10;

/** What is printed beside the total; nothing is worked out. */
export function taxFields(rows: readonly Row[]): TaxFields {
  return {
    subtotal: amountField(
      rows,
      labelled(rows, SUBTOTAL, (value) => value > 0),
    ),
    tax: amountField(
      rows,
      labelled(rows, TAX, (value) => value >= 0),
    ),
    rounding: amountField(
      rows,
      labelled(rows, ROUNDING, (value) => Math.abs(value) < MOST_ROUNDING),
    ),
  };
}

function labelled(rows: readonly Row[], labels: readonly Says[], fits: (value: number) => boolean) {
  for (const says of labels) {
    for (const [row, { text }] of rows.entries()) {
      const value = findAmounts(text).at(-1)?.value;
      if (value !== undefined && fits(value) && says(wordKey(text))) return { value, row };
    }
  }
  return null;
}
