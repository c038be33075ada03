import sharp from 'sharp';

const EDGE = 160;
type Colour = readonly [red: number, green: number, blue: number];

/** Drawn faces in place of photos of somebody, each different: JPEG. */
export function portraits(count: number): Promise<Buffer[]> {
  const raw = { width: EDGE, height: EDGE, channels: 3 } as const;
  return Promise.all(
    Array.from({ length: count }, (_, i) =>
      sharp(Uint8Array.from(face(i / count)), { raw })
        .jpeg()
        .toBuffer(),
    ),
  );
}

/** Pixel by pixel: the service refuses to read drawings. It looks from left to right, before another wall each time. */
function* face(turn: number): Generator<number> {
  for (let y = 0; y < EDGE; y++) for (let x = 0; x < EDGE; x++) yield* colourAt(x / EDGE, y / EDGE, turn);
}

function colourAt(x: number, y: number, turn: number): Colour {
  const middle = 0.4 + 0.2 * turn;
  const look = middle + 0.1 * (turn - 0.5);
  const isIn = (cx: number, cy: number, rx: number, ry: number) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  if (isIn(look - 0.1, 0.45, 0.03, 0.03) || isIn(look + 0.1, 0.45, 0.03, 0.03)) return [40, 30, 30];
  if (isIn(look, 0.68, 0.12, 0.02 + 0.04 * turn)) return [150, 60, 60];
  if (isIn(middle, 0.52, 0.26, 0.34)) return [232, 185, 152];
  return [90 + 120 * turn, 120, 210 - 120 * turn];
}
