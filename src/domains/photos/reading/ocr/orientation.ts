import { cropLine } from './crop.js';
import { detectClosely } from './close-detection.js';
import type { DetectionOptions } from './detection.js';
import type { OcrModels } from './models.js';
import { turnHalf, turnQuarter, type Raster } from './raster.js';
import { recogniseLine, type ReadText } from './recognition.js';
import type { TextBox } from './text-box.js';

interface Found {
  image: Raster;
  boxes: TextBox[];
  /** What was read already, to tell the head from the foot. */
  read: Map<TextBox, ReadText>;
}

export interface Upright extends Found {
  turned: 0 | 90 | 180 | 270;
}

const WITNESSES = 8;
/** By how much the other way up has to read better. */
const BETTER = 0.05;
/** Where the first lines read as well as this, nothing is upside down. */
const READS_WELL = 0.85;

/** Finds the text, and turns the image so that it can be read. */
export async function upright(models: OcrModels, given: Raster, options: DetectionOptions): Promise<Upright> {
  let found = await find(models, given, options);
  const onItsSide = liesOnItsSide(found.boxes);
  if (onItsSide) found = await find(models, turnQuarter(given), options);
  const onItsHead = await standsOnItsHead(models, found);
  if (onItsHead) found = await find(models, turnHalf(found.image), options);
  return { ...found, turned: onItsSide ? (onItsHead ? 270 : 90) : onItsHead ? 180 : 0 };
}

async function find({ detector }: OcrModels, image: Raster, options: DetectionOptions): Promise<Found> {
  return { image, boxes: await detectClosely(detector, image, options), read: new Map() };
}

function liesOnItsSide(boxes: readonly TextBox[]): boolean {
  return boxes.length > 5 && boxes.filter((box) => box.height > box.width * 1.5).length > boxes.length / 2;
}

async function standsOnItsHead(models: OcrModels, { image, boxes, read }: Found): Promise<boolean> {
  const widest = boxes.filter(({ width, height }) => width > height * 3).sort((a, b) => b.width - a.width);
  const witnesses = widest.slice(0, WITNESSES);
  if (witnesses.length < 3) return false;
  for (const box of witnesses) read.set(box, await recogniseLine(models, cropLine(image, box)));
  const asItIs = mean(witnesses.map((box) => read.get(box)?.confidence ?? 0));
  if (asItIs > READS_WELL) return false;
  const turned: number[] = [];
  for (const box of witnesses) {
    const line = cropLine(image, { ...box, angle: box.angle + Math.PI });
    turned.push((await recogniseLine(models, line)).confidence);
  }
  return mean(turned) > asItIs + BETTER;
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
