import { sharp } from '../../../../kernel/files/image-loaders.js';
import { rowsOf } from '../ocr/rows.js';
import type { Raster } from '../ocr/raster.js';
import type { TextBox } from '../ocr/text-box.js';
import type { TextLine } from '../ocr/text-line.js';
import type { Box } from '../reading.js';
import type { Row, RowPart } from '../row.js';
import { mergeDigits } from './merge-digits.js';
import { rowAt, stackStrips } from './strips.js';
import { cyrillicReader } from './tesseract.js';

interface Word {
  text: string;
  confidence: number;
  x: number;
  y: number;
}

/** The same rows read again for Cyrillic letters: all of them in one call, on one canvas; digits stay as they were read. */
export async function readCyrillic(image: Raster, lines: readonly TextLine[]): Promise<Row[]> {
  const rows = rowsOf(lines);
  if (rows.length === 0) return [];
  const words = await wordsOn(
    image,
    rows.map((row) => boxesOf(row, lines)),
  );
  return rows.map((row, index) => {
    const own = words.filter(({ y }) => rowAt(y) === index).sort((a, b) => a.x - b.x);
    if (own.length === 0) return row;
    const text = mergeDigits(own.map((word) => word.text).join(' '), row.text);
    const confidence = own.reduce((sum, word) => sum + word.confidence, 0) / own.length;
    return row.box ? { ...row, text, confidence, parts: [wholeRow(row, row.box, text, confidence)] } : row;
  });
}

/** Tesseract reads the whole row: where one box of it ends is not known of its text. */
function wholeRow({ parts }: Row, box: Box, text: string, confidence: number): RowPart {
  const [left, right] = [Math.min(...parts.map((part) => part.left)), Math.max(...parts.map((part) => part.right))];
  return { text, line: parts[0]?.line ?? 0, left, right, confidence, box };
}

function boxesOf(row: Row, lines: readonly TextLine[]): TextBox[] {
  return row.parts.flatMap(({ line }) => lines[line]?.box ?? []);
}

async function wordsOn(image: Raster, rows: readonly TextBox[][]): Promise<Word[]> {
  const { data, width, height } = stackStrips(image, rows);
  const png = await sharp(data, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const page = await (await cyrillicReader()).recognize(png, {}, { blocks: true, text: false });
  const lines = (page.data.blocks ?? [])
    .flatMap(({ paragraphs }) => paragraphs)
    .flatMap((paragraph) => paragraph.lines);
  return lines
    .flatMap((line) => line.words)
    .map(({ text, confidence, bbox }) => ({
      text,
      confidence: confidence / 100,
      x: bbox.x0,
      y: (bbox.y0 + bbox.y1) / 2,
    }));
}
