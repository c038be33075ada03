import type { Box } from './reading.js';

/** One piece of text in a row; columns are pieces of their own. */
export interface RowPart {
  text: string;
  /** Which of the lines that were read it is. */
  line: number;
  left: number;
  right: number;
  confidence: number;
  box: Box;
}

/** What stands side by side on a receipt, read from left to right. */
export interface Row {
  text: string;
  parts: RowPart[];
  /** That of its worst part. */
  confidence: number;
  y: number;
  height: number;
  box: Box | null;
}
