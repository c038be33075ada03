import { Tensor } from 'onnxruntime-node';
import { decode, latinClasses, type LetterClasses, type ReadLetter } from './ctc.js';
import { LINE_HEIGHT } from './crop.js';
import type { OcrModels } from './models.js';
import type { Raster } from './raster.js';

export interface ReadText {
  letters: ReadLetter[];
  /** The mean of the letters', 0 to 1. */
  confidence: number;
}

const STEP = 8;
const NARROWEST = 64;

const classesOf = new WeakMap<readonly string[], LetterClasses>();

/** Reads one line. One at a time: padding several to a common width cost a third of the time. */
export async function recogniseLine({ recogniser, alphabet }: OcrModels, line: Raster): Promise<ReadText> {
  const width = Math.max(NARROWEST, Math.ceil(line.width / STEP) * STEP);
  const input = new Tensor('float32', scaled(line, width), [1, 3, LINE_HEIGHT, width]);
  const output = (await recogniser.run({ [recogniser.inputNames[0] ?? '']: input }))[recogniser.outputNames[0] ?? ''];
  const known = classesOf.get(alphabet) ?? latinClasses(alphabet);
  classesOf.set(alphabet, known);
  const letters = decode(output?.data as Float32Array, output?.dims[1] ?? 1, known, line.width / width);
  const sum = letters.reduce((total, { confidence }) => total + confidence, 0);
  return { letters, confidence: letters.length > 0 ? sum / letters.length : 0 };
}

/** Blue first, -1 to 1, and nothing to the right of the line. */
function scaled({ data, width: filled }: Raster, width: number): Float32Array {
  const planes = new Float32Array(3 * LINE_HEIGHT * width);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < LINE_HEIGHT; y++) {
      const to = (channel * LINE_HEIGHT + y) * width;
      for (let x = 0, from = y * filled * 3 + 2 - channel; x < filled; x++, from += 3) {
        planes[to + x] = (data[from] ?? 0) / 127.5 - 1;
      }
    }
  }
  return planes;
}
