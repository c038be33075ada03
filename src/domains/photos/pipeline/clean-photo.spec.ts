import { cleanPhoto } from './clean-photo.js';
import { asQuad, distance, type Quad } from './geometry.js';
import { jpegOf } from './jpeg.js';
import { photographed, type Scene } from '../samples/scene.js';
import { textPage } from './testing/text-page.js';

const SIZE = { width: 1200, height: 1600 };

/** A sheet in the middle of the photo, turned, its far side smaller. */
function placed(degrees: number, { tilt = 0.06, half = [330, 590], middle = [600, 800] } = {}): Quad {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [w = 0, h = 0] = half;
  const [mx = 0, my = 0] = middle;
  const corners = [
    [-w * (1 - tilt), -h],
    [w * (1 - tilt), -h],
    [w, h],
    [-w, h],
  ] as const;
  return asQuad(corners.map(([x, y]) => ({ x: mx + x * cos - y * sin, y: my + x * sin + y * cos })));
}

async function cleaned(scene: Omit<Scene, 'width' | 'height'>) {
  const photo = photographed({ ...SIZE, ...scene });
  return cleanPhoto((await jpegOf(photo, { quality: 88 })).data);
}

/** Worst corner, as a share of the photo's diagonal. */
function cornerError(found: Quad, truth: Quad): number {
  const worst = truth.map((corner) => Math.min(...found.map((other) => distance(corner, other))));
  return Math.max(...worst) / Math.hypot(SIZE.width, SIZE.height);
}

describe('a photo of a receipt', () => {
  it.each([
    ['wood', 0, 0],
    ['wood', 12, 0.3],
    ['dark', -20, 0],
    ['dark', 24, 0.35],
    ['busy', 8, 0.2],
    ['busy', -15, 0],
    ['light', 5, 0],
    ['light', -10, 0.25],
  ] as const)('on a %s table, turned by %d° and in a shadow of %d, is cut to its paper', async (table, turn, shadow) => {
    const quad = placed(turn);
    const result = await cleaned({ table, shadow, sheets: [{ page: textPage(), quad }] });
    expect(result.verdict).toBe('found');
    expect(cornerError(result.quad ?? quad, quad)).toBeLessThan(0.006);
    expect(result.quad).not.toBeNull();
    console.log(table, turn, shadow, cornerError(result.quad ?? quad, quad), result.angle, JSON.stringify(result.stages));
  });
});
