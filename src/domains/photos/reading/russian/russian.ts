import { dateFields } from '../extraction/date-field.js';
import { NO_FIELDS, type Extracted } from '../extraction/extracted.js';
import { amountField, rowsField } from '../extraction/row-field.js';
import { union } from '../ocr/text-box.js';
import type { Field } from '../reading.js';
import type { Row } from '../row.js';
import { findDocument, findInn, findSign, findStorage, type FoundNumber } from './fiscal-numbers.js';
import { russianKey } from './cyrillic.js';
import { findFirm, findRussianAddress, type FoundRows } from './russian-head.js';
import { russianItems } from './russian-items.js';
import { russianAmounts } from './russian-total.js';

const WORDS = /ит+ог|инн|кассир|чек|ккт|ндс|сдача|налич|приход|сумма/;

/** Whether rows that were read for Cyrillic are those of a Russian receipt. */
export const looksRussian = (rows: readonly Row[]) =>
  new Set(rows.flatMap(({ text }) => WORDS.exec(russianKey(text))?.[0] ?? [])).size >= 2;

export function extractRussian(rows: readonly Row[]): Extracted {
  const { date, time } = dateFields(rows, true);
  const { total, cash, card, change, tax } = russianAmounts(rows);
  const paidRow = card ?? cash;
  return {
    fields: {
      ...NO_FIELDS,
      merchant: textField(rows, findFirm(rows)),
      address: textField(rows, findRussianAddress(rows)),
      taxId: numberField(rows, findInn(rows)),
      date,
      time,
      currency: { value: 'RUB', confidence: 1, box: null },
      total: amountField(rows, total),
      tax: amountField(rows, tax),
      cash: amountField(rows, cash),
      change: amountField(rows, change),
      payment: paidRow && {
        value: card ? 'card' : 'cash',
        confidence: rows[paidRow.row]?.confidence ?? 0,
        box: rows[paidRow.row]?.box ?? null,
      },
      fiscalStorage: numberField(rows, findStorage(rows)),
      fiscalDocument: numberField(rows, findDocument(rows)),
      fiscalSign: numberField(rows, findSign(rows)),
    },
    items: russianItems(rows),
    guessedTotal: total?.guessed ?? false,
    serviceCharge: 0,
    undecided: null,
  };
}

function textField(rows: readonly Row[], found: FoundRows | null): Field | null {
  return found && rowsField(rows, found.rows, found.text, union(found.rows.flatMap((index) => rows[index]?.box ?? [])));
}

function numberField(rows: readonly Row[], found: FoundNumber | null): Field | null {
  const row = found && rows[found.row];
  return row ? { value: found.value, confidence: row.confidence, box: row.box } : null;
}
