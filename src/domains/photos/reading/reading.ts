/**
 * What a reader says of one photo: the same shape for every reader. Amounts are decimal strings ("41.50"), never
 * floats; dates are ISO 8601; boxes are pixels of the image that the reader was given.
 */
export interface Reading {
  reader: string;
  isReceipt: boolean;
  /** Why there are no fields: in words, where the photo shows something else or nothing that can be read. */
  reason: string | null;
  language: ReadingLanguage | null;
  /** Degrees clockwise that the image had to be turned by before it could be read. */
  turned: 0 | 90 | 180 | 270;
  fields: ReadingFields;
  items: ReadItem[];
  checks: ReadingCheck[];
  /** One sentence for every check that failed. */
  disagreements: string[];
  needsReview: boolean;
  /** Why a person should look, in words; empty where nobody needs to. */
  reviewReasons: string[];
  lines: ReadLine[];
}

export type ReadingLanguage = 'en' | 'ru';

/** An upright rectangle: the left upper corner and the size, in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Field<T extends string = string> {
  value: T;
  /** 0 to 1. */
  confidence: number;
  /** Where it stands; null where it was worked out, or came from the QR code alone. */
  box: Box | null;
}

export interface ReadingFields {
  merchant: Field | null;
  address: Field | null;
  /** GST or SST number; Russian receipts: ИНН. */
  taxId: Field | null;
  /** YYYY-MM-DD. */
  date: Field | null;
  /** HH:MM or HH:MM:SS, as printed, in the zone of the shop. */
  time: Field | null;
  /** ISO 4217. */
  currency: Field | null;
  subtotal: Field | null;
  tax: Field | null;
  /** With its sign. */
  rounding: Field | null;
  total: Field | null;
  payment: Field<PaymentMethod> | null;
  /** What was handed over. */
  cash: Field | null;
  change: Field | null;
  /** The number of the fiscal storage (ФН), 16 digits. */
  fiscalStorage: Field | null;
  /** The number of the fiscal document (ФД). */
  fiscalDocument: Field | null;
  /** The fiscal sign (ФП or ФПД). */
  fiscalSign: Field | null;
}

export type PaymentMethod = 'cash' | 'card' | 'other';

export interface ReadItem {
  text: string;
  quantity: string | null;
  unitPrice: string | null;
  amount: string;
  confidence: number;
  box: Box | null;
}

export type CheckName =
  'items_sum' | 'tax_sum' | 'cash_change' | 'date_past' | 'qr_total' | 'qr_date' | 'qr_fiscal' | 'day_or_month';

export interface ReadingCheck {
  name: CheckName;
  ok: boolean;
  /** What it should be, and what it is, as texts. */
  expected: string;
  found: string;
}

/** One line as it was read, from top to bottom. */
export interface ReadLine {
  text: string;
  confidence: number;
  box: Box;
  /** Which row of the receipt it stands in, from 0. */
  row: number;
}
