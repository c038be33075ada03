import { cropLine } from './crop.js';
import type { DetectionOptions } from './detection.js';
import type { OcrModels } from './models.js';
import { upright } from './orientation.js';
import type { Raster } from './raster.js';
import { recogniseLine } from './recognition.js';
import type { TextBox } from './text-box.js';
import { textLine, type TextLine } from './text-line.js';

export interface ReadPage {
  /** Every line that was found, in no particular order. */
  lines: TextLine[];
  /** The image as it was read: turned, if it had to be. */
  image: Raster;
  /** Degrees clockwise. */
  turned: 0 | 90 | 180 | 270;
}

const LEAST_CONFIDENCE = 0.5;

/** Whether what was read is worth keeping; letters of other scripts and smudges are not. */
export const legible = ({ text, confidence }: TextLine) => text !== '' && confidence >= LEAST_CONFIDENCE;

export async function readLines(models: OcrModels, given: Raster, options: DetectionOptions): Promise<ReadPage> {
  const { image, boxes, read, turned } = await upright(models, given, options);
  const lines: TextLine[] = [];
  for (const box of boxes.filter(isLine)) {
    lines.push(textLine(box, read.get(box) ?? (await recogniseLine(models, cropLine(image, box)))));
  }
  return { lines, image, turned };
}

/** What stands on end beside the text is no line of it. */
const isLine = ({ width, height }: TextBox) => height <= width * 1.5 || height <= 60;
