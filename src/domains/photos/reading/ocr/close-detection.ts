import type { InferenceSession } from 'onnxruntime-node';
import { detectText, type DetectionOptions } from './detection.js';
import { cutOut, type Raster } from './raster.js';
import { around, union, type TextBox } from './text-box.js';

/** Where the text reaches over less of the long side than this, a closer look is worth its time. */
const SMALL = 0.62;
/** Left around the text, as a share of the text's long side. */
const MARGIN = 0.03;

/**
 * Finds text; where it covers a small part of the image (a receipt on a scanned page), looks again at that part alone.
 * From afar the boxes of small letters cut their lines short.
 */
export async function detectClosely(
  detector: InferenceSession,
  image: Raster,
  options: DetectionOptions,
): Promise<TextBox[]> {
  const boxes = await detectText(detector, image, options);
  const region = union(boxes.filter(({ score }) => score > 0.6).map(around));
  const [whole, part] = [Math.max(image.width, image.height), Math.max(region?.width ?? 0, region?.height ?? 0)];
  if (!region || whole <= options.side || part > whole * SMALL) return boxes;
  const margin = part * MARGIN;
  const left = Math.max(0, Math.floor(region.x - margin));
  const top = Math.max(0, Math.floor(region.y - margin));
  const width = Math.min(image.width - left, Math.ceil(region.width + 2 * margin));
  const height = Math.min(image.height - top, Math.ceil(region.height + 2 * margin));
  const closer = await detectText(detector, cutOut(image, left, top, width, height), options);
  return closer.map((box) => ({ ...box, cx: box.cx + left, cy: box.cy + top }));
}
