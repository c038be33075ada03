import { photographed, type Scene } from '../samples/scene.js';
import { cleanPhoto, type CleanPhoto } from './clean-photo.js';
import { turned, turnFor } from './deskew.js';
import { asQuad, distance, type Quad } from './geometry.js';
import { jpegOf } from './jpeg.js';
import { openCv } from './opencv.js';
import type { Picture } from './picture.js';
import { textPage } from '../samples/text-page.js';

const SIZE = { width: 810, height: 1080 };
const page = textPage(380, 700);

interface Place {
  turn?: number;
  half?: readonly [number, number];
  middle?: readonly [number, number];
}

/** A sheet, turned, with its far side smaller: as a phone sees it. */
function placed({ turn = 0, half: [w, h] = [225, 400], middle: [mx, my] = [405, 540] }: Place): Quad {
  const [cos, sin] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const corners = [
    [-w * 0.94, -h],
    [w * 0.94, -h],
    [w, h],
    [-w, h],
  ] as const;
  return asQuad(corners.map(([x, y]) => ({ x: mx + x * cos - y * sin, y: my + x * sin + y * cos })));
}

async function cleaned(scene: Omit<Scene, 'width' | 'height'>): Promise<CleanPhoto> {
  return cleanedPicture(photographed({ ...SIZE, ...scene }));
}
const cleanedPicture = async (picture: Picture) => cleanPhoto((await jpegOf(picture, { quality: 88 })).data);

/** Worst corner, as a share of the photo's diagonal. */
function cornerError(found: Quad | null, truth: Quad): number {
  if (!found) return Infinity;
  const worst = truth.map((corner) => Math.min(...found.map((other) => distance(corner, other))));
  return Math.max(...worst) / Math.hypot(SIZE.width, SIZE.height);
}

const whole = ({ straightened: { width, height } }: CleanPhoto) => [width, height];

describe('a receipt is cut to its paper', () => {
  it.each([
    ['wood', 12, 0.3],
    ['dark', -24, 0],
    ['busy', 8, 0.2],
    ['light', -10, 0.25],
  ] as const)('on a %s table, turned by %d°, in a shadow of %d', async (table, turn, shadow) => {
    const quad = placed({ turn });
    const result = await cleaned({ table, shadow, sheets: [{ page, quad }] });
    expect(result.verdict).toBe('found');
    expect(cornerError(result.quad, quad)).toBeLessThan(0.005);
    expect(Math.abs(result.angle)).toBeLessThan(1);
    // A page of 2 : 1.1 with a margin of 1.2 %; black text on even white for people.
    expect(result.straightened.height / result.straightened.width).toBeCloseTo(800 / 450, 0);
    expect(result.whitened && median(result.whitened)).toBeGreaterThan(235);
  });
});

describe('what is unsure is left whole', () => {
  it('two receipts side by side, and the answer says two', async () => {
    const left = placed({ turn: 3, half: [150, 330], middle: [210, 540] });
    const right = placed({ turn: -4, half: [150, 330], middle: [600, 540] });
    const sheets = [left, right].map((quad) => ({ page, quad }));
    const result = await cleaned({ table: 'wood', sheets });
    expect(result).toMatchObject({ verdict: 'several_papers', papers: 2, quad: null });
    expect(whole(result)).toEqual([SIZE.width, SIZE.height]);
  });

  it('a scan that fills its frame', async () => {
    const result = await cleanedPicture(textPage(810, 1080));
    expect([result.quad, result.papers, result.angle]).toEqual([null, 1, 0]);
    expect(whole(result)).toEqual([810, 1080]);
  });

  it('a bright box on a grey receipt: the lines around it are not cut away', async () => {
    const scan = textPage(810, 1080, { paper: 205 });
    for (let y = 300; y < 760; y++) {
      for (let x = 120; x < 700; x++) {
        const at = (y * 810 + x) * 3;
        if ((scan.data[at] ?? 0) > 100) scan.data.fill(252, at, at + 3);
      }
    }
    const result = await cleanedPicture(scan);
    expect([result.verdict, result.quad]).toEqual(['text_outside', null]);
  });

  it('an empty table', async () => {
    const result = await cleaned({ table: 'busy', sheets: [] });
    expect([result.verdict, result.quad, result.angle]).toEqual(['no_edges', null, 0]);
  });
});

describe('a receipt that runs out of the frame', () => {
  it('loses nothing of what can be seen', async () => {
    const quad = placed({ half: [225, 700], middle: [405, 640] });
    const result = await cleaned({ table: 'dark', sheets: [{ page, quad }] });
    if (result.quad) {
      const [a, b, c, d] = result.quad;
      expect(Math.max(a.x, d.x)).toBeLessThan(405 - 225 * 0.94 + 2);
      expect(Math.min(b.x, c.x)).toBeGreaterThan(405 + 225 * 0.94 - 2);
      expect(Math.max(a.y, b.y)).toBeLessThan(12);
      expect(Math.min(c.y, d.y)).toBeGreaterThan(SIZE.height - 12);
    } else expect(whole(result)).toEqual([SIZE.width, SIZE.height]);
  });
});

describe('skew', () => {
  it.each([-4, -1.3, 2.2, 4.6])('of a scan turned by %d° is taken out to a quarter of a degree', async (degrees) => {
    const { cv } = await openCv();
    const result = await cleanedPicture(turned(cv, textPage(600, 900), -degrees));
    expect(Math.abs(result.angle - degrees)).toBeLessThan(0.25);
    expect(result.straightened.width).toBeGreaterThan(600);
  });

  it('that is large on a photo without a paper is not believed', () => {
    const angle = { angle: 11, sureness: 9 };
    expect(turnFor(angle, { quad: null, papers: 1 })).toBe(0);
    expect(turnFor(angle, { quad: placed({}), papers: 1 })).toBe(11);
    expect(turnFor({ ...angle, sureness: 1.2 }, { quad: placed({}), papers: 1 })).toBe(0);
    expect(turnFor({ angle: 2, sureness: 9 }, { quad: null, papers: 2 })).toBe(0);
  });
});

function median({ data }: { data: Buffer }): number {
  return data.filter((_, i) => i % 97 === 0).sort((a, b) => a - b)[Math.floor(data.length / 97 / 2)] ?? 0;
}
