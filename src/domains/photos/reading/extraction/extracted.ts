import type { ReadingFields, ReadItem } from '../reading.js';

/** What the rules found in the rows of one receipt. */
export interface Extracted {
  fields: ReadingFields;
  items: ReadItem[];
  /** Nothing named the total; it is the greatest amount. */
  guessedTotal: boolean;
  /** In hundredths. */
  serviceCharge: number;
  /** The other reading of a date like 03/04, where nothing decides. */
  undecided: string | null;
}

export const NO_FIELDS: ReadingFields = {
  merchant: null,
  address: null,
  taxId: null,
  date: null,
  time: null,
  currency: null,
  subtotal: null,
  tax: null,
  rounding: null,
  total: null,
  payment: null,
  cash: null,
  change: null,
  fiscalStorage: null,
  fiscalDocument: null,
  fiscalSign: null,
};
