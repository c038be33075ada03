import type { Box, Field } from '../reading.js';
import type { Row, RowPart } from '../row.js';
import { decimal } from './money.js';

/** An amount that was found in a row, as a field: how sure, and where. */
export function amountField(rows: readonly Row[], found: { value: number; row: number | null } | null): Field | null {
  if (!found) return null;
  const row = found.row === null ? undefined : rows[found.row];
  const part = row?.parts.at(-1);
  return { value: decimal(found.value), confidence: part?.confidence ?? WORKED_OUT, box: part?.box ?? null };
}

/** What was worked out from other amounts is as sure as this. */
const WORKED_OUT = 0.5;

/** A text over some rows: as sure as the least sure of them. */
export function rowsField(rows: readonly Row[], at: readonly number[], value: string, box: Box | null): Field {
  const confidences = at.map((index) => rows[index]?.confidence ?? 0);
  return { value, confidence: Math.min(...confidences), box };
}

/** The part of a row in which a text begins at a place. */
export function partAt(row: Row, start: number): RowPart | undefined {
  let end = 0;
  for (const part of row.parts) {
    end += part.text.length + 1;
    if (start < end) return part;
  }
  return row.parts.at(-1);
}
