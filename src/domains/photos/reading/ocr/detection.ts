import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { sharp } from '../../../../kernel/files/image-loaders.js';
import { components, type Component } from './components.js';
import { minAreaRectangle } from './min-area-rectangle.js';
import type { Raster } from './raster.js';
import type { TextBox } from './text-box.js';

export interface DetectionOptions {
  /** The long side that the network sees, in pixels. */
  side: number;
  /** Small images are enlarged to that side too. */
  enlarge: boolean;
}

/** The network takes sides that are multiples of this. */
const STEP = 32;
const THRESHOLD = 0.3;
const SURE = 0.5;
/** The network marks the core of a line: it is grown by area · this / perimeter on each side. */
const GROWTH = 1.6;
const SMALLEST = { side: 3, pixels: 8 };
/** In the order in which the network was trained on blue, green, red. */
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** Where text stands, anywhere on the image and at any angle. */
export async function detectText(
  detector: InferenceSession,
  image: Raster,
  { side, enlarge }: DetectionOptions,
): Promise<TextBox[]> {
  const ratio = side / Math.max(image.width, image.height);
  const scale = enlarge ? ratio : Math.min(1, ratio);
  const [width, height] = [toStep(image.width * scale), toStep(image.height * scale)];
  const small = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: scale < 1 ? 'lanczos3' : 'cubic' })
    .raw()
    .toBuffer();
  const input = new Tensor('float32', normalised(small), [1, 3, height, width]);
  const output = await detector.run({ [detector.inputNames[0] ?? '']: input });
  const map = output[detector.outputNames[0] ?? '']?.data as Float32Array;
  return components(map, width, height, THRESHOLD)
    .map((component) => boxOf(component, image.width / width, image.height / height))
    .filter((box) => box !== null);
}

const toStep = (length: number) => Math.max(STEP, Math.round(length / STEP) * STEP);

function normalised(rgb: Buffer): Float32Array {
  const count = rgb.length / 3;
  const planes = new Float32Array(rgb.length);
  for (let channel = 0; channel < 3; channel++) {
    const [mean, deviation] = [MEAN[channel] ?? 0, DEVIATION[channel] ?? 1];
    for (let i = 0, from = 2 - channel; i < count; i++, from += 3) {
      planes[channel * count + i] = ((rgb[from] ?? 0) / 255 - mean) / deviation;
    }
  }
  return planes;
}

function boxOf({ outline, pixels, mean }: Component, scaleX: number, scaleY: number): TextBox | null {
  if (pixels < SMALLEST.pixels || mean < SURE) return null;
  const core = minAreaRectangle(outline);
  if (!core || Math.min(core.width, core.height) < SMALLEST.side) return null;
  const grown = (core.width * core.height * GROWTH) / (core.width + core.height);
  return {
    cx: core.cx * scaleX,
    cy: core.cy * scaleY,
    width: (core.width + grown) * scaleX,
    height: (core.height + grown) * scaleY,
    angle: core.angle,
    score: mean,
  };
}
