import type { Box } from '../reading.js';

/** A rectangle around one piece of text: centre, size, and the angle of its long side in radians, -π/4 to π/4. */
export interface TextBox {
  cx: number;
  cy: number;
  width: number;
  height: number;
  angle: number;
  /** How sure the detector is, 0 to 1. */
  score: number;
}

/** The upright rectangle around a turned one. */
export function around({ cx, cy, width, height, angle }: TextBox): Box {
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [w, h] = [width * cos + height * sin, width * sin + height * cos];
  return { x: cx - w / 2, y: cy - h / 2, width: w, height: h };
}

export function union(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
