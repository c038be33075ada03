import type { Row } from '../row.js';

/** Rows as the reader would make them of these texts; two spaces or more divide columns. */
export function rowsFrom(...texts: string[]): Row[] {
  return texts.map((text, index): Row => {
    const y = index * 40;
    const parts = text.split(/\s{2,}/).map((part, column) => ({
      text: part,
      line: index,
      left: column * 200,
      right: column * 200 + 180,
      confidence: 0.97,
      box: { x: column * 200, y, width: 180, height: 30 },
    }));
    const width = parts.length * 200 - 20;
    return {
      text: parts.map((part) => part.text).join(' '),
      parts,
      confidence: 0.97,
      y,
      height: 30,
      box: { x: 0, y, width, height: 30 },
    };
  });
}
