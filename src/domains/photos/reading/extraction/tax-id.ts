import type { Field } from '../reading.js';
import type { Row } from '../row.js';
import { partAt } from './row-field.js';

const LABEL = /[g6c][s5][t1l7]|\bsst\b|tax\s?(id|reg|no)|tin\b/i;
/** GST: twelve digits. SST: a letter, two digits, then four, then eight. */
const NUMBERS = [/(?<![\d])(\d{12})(?!\d)/, /\b([A-Z]\d{2}-?\d{4}-?\d{8})\b/, /\b(\d{4}-\d{4}-\d{4})\b/];

export function findTaxId(rows: readonly Row[]): Field | null {
  for (const row of rows) {
    if (!LABEL.test(row.text)) continue;
    const compact = row.text
      .replace(/(?<=\d)\s(?=\d)/g, '')
      .replace(/(?<=\d)[Oo](?=\d)/g, '0')
      .replace(/(?<=\d)B(?=\d)/g, '8');
    for (const number of NUMBERS) {
      const value = number.exec(compact)?.[1];
      if (value) return { value, confidence: row.confidence, box: partAt(row, row.text.length)?.box ?? row.box };
    }
  }
  return null;
}
