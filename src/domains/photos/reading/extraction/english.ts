import type { Field, PaymentMethod } from '../reading.js';
import type { Row } from '../row.js';
import { union } from '../ocr/text-box.js';
import { findAddress } from './address-rows.js';
import { chooseTotal } from './choose-total.js';
import { dayComesFirst, findCurrency } from './currency.js';
import { dateFields } from './date-field.js';
import { NO_FIELDS, type Extracted } from './extracted.js';
import { findItems } from './items.js';
import { findMerchant } from './merchant.js';
import { repairAddress, repairMerchant } from './repair.js';
import { amountField, rowsField } from './row-field.js';
import { findTaxId } from './tax-id.js';
import { findServiceCharge, taxFields } from './tax-fields.js';
import { findPayment, type Payment } from './tender.js';

/** English and Malay receipts. */
export function extractEnglish(rows: readonly Row[]): Extracted {
  const currency = findCurrency(rows);
  const { date, time, undecided } = dateFields(rows, dayComesFirst(currency?.value));
  const payment = findPayment(rows);
  const total = chooseTotal(rows, payment);
  const head = headFields(rows);
  return {
    fields: {
      ...NO_FIELDS,
      ...head.fields,
      ...taxFields(rows),
      taxId: findTaxId(rows),
      date,
      time,
      currency,
      total: amountField(rows, total),
      payment: methodField(rows, payment),
      cash: amountField(rows, payment.cash),
      change: amountField(rows, payment.change),
    },
    items: findItems(rows, head.last),
    guessedTotal: total?.guessed ?? false,
    serviceCharge: findServiceCharge(rows),
    undecided,
  };
}

function headFields(rows: readonly Row[]) {
  const head = rows.map(withoutStamps);
  const merchant = findMerchant(head);
  const address = findAddress(head, merchant?.last ?? -1);
  const named = merchant ? range(merchant.first, merchant.last) : [];
  return {
    fields: {
      merchant: merchant && rowsField(rows, named, tidy(repairMerchant(merchant.text)), boxOf(rows, named)),
      address:
        address &&
        rowsField(rows, address.rows, tidy(repairAddress(address.texts.join(' '))), boxOf(rows, address.rows)),
    },
    last: address?.rows.at(-1) ?? merchant?.last ?? -1,
  };
}

/** A stamp over the head of a receipt is far taller than the line beside it. */
function withoutStamps(row: Row): Row {
  const widest = Math.max(...row.parts.map(({ right, left }) => right - left));
  const main = row.parts.find(({ right, left }) => right - left === widest);
  const kept = row.parts.filter(({ text, box }) => text.length > 6 || box.height <= (main?.box.height ?? 0) * STAMP);
  return kept.length === row.parts.length ? row : { ...row, parts: kept, text: kept.map(({ text }) => text).join(' ') };
}

const STAMP = 1.5;

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();
const boxOf = (rows: readonly Row[], at: readonly number[]) => union(at.flatMap((index) => rows[index]?.box ?? []));

function methodField(rows: readonly Row[], { method, methodRow }: Payment): Field<PaymentMethod> | null {
  const row = methodRow === null ? undefined : rows[methodRow];
  return method && row ? { value: method, confidence: row.confidence, box: row.box } : null;
}
