import type { Point } from './min-area-rectangle.js';

/** The pixels above a threshold that touch one another, as the ends of their rows, and how sure they are on average. */
export interface Component {
  outline: Point[];
  pixels: number;
  mean: number;
}

/** Eight neighbours count as touching. */
export function components(map: Float32Array, width: number, height: number, threshold: number): Component[] {
  const seen = new Uint8Array(width * height);
  const stack = new Int32Array(width * height);
  const found: Component[] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || (map[start] ?? 0) <= threshold) continue;
    found.push(fill(start));
  }
  return found;

  function fill(start: number): Component {
    let depth = 0;
    let sum = 0;
    let pixels = 0;
    const ends = new Map<number, [left: number, right: number]>();
    stack[depth++] = start;
    seen[start] = 1;
    while (depth > 0) {
      const at = stack[--depth] ?? 0;
      const y = Math.floor(at / width);
      const x = at - y * width;
      sum += map[at] ?? 0;
      pixels++;
      const row = ends.get(y);
      if (!row) ends.set(y, [x, x]);
      else if (x < row[0]) row[0] = x;
      else if (x > row[1]) row[1] = x;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (seen[next] || (map[next] ?? 0) <= threshold) continue;
          seen[next] = 1;
          stack[depth++] = next;
        }
      }
    }
    return { outline: corners(ends), pixels, mean: sum / pixels };
  }
}

function corners(ends: Map<number, [number, number]>): Point[] {
  return [...ends].flatMap(([y, [left, right]]): Point[] => [
    [left, y],
    [right + 1, y],
    [left, y + 1],
    [right + 1, y + 1],
  ]);
}
