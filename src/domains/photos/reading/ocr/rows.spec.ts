import { rowsOf } from './rows.js';
import type { TextLine } from './text-line.js';

const line = (text: string, cx: number, cy: number, angle = 0): TextLine => ({
  text,
  letters: [],
  confidence: 0.9,
  box: { cx, cy, width: 100, height: 20, angle, score: 0.9 },
});

describe('rows', () => {
  it('read from left to right and from top to bottom', () => {
    const rows = rowsOf([line('5.00', 300, 52), line('SHOP', 100, 20), line('TOTAL', 100, 48)]);
    expect(rows.map(({ text }) => text)).toEqual(['SHOP', 'TOTAL 5.00']);
    expect(rows[1]?.parts.map((part) => part.line)).toEqual([2, 0]);
  });

  it('hold on a sheet that lies askew', () => {
    const tilt = 0.1;
    const turned = (text: string, x: number, y: number) =>
      line(text, x * Math.cos(tilt) - y * Math.sin(tilt), x * Math.sin(tilt) + y * Math.cos(tilt), tilt);
    const rows = rowsOf([turned('A', 100, 20), turned('1', 600, 20), turned('B', 100, 50), turned('2', 600, 50)]);
    expect(rows.map(({ text }) => text)).toEqual(['A 1', 'B 2']);
  });

  it('do not join lines that lie one over the other', () => {
    expect(rowsOf([line('ONE', 100, 20), line('TWO', 110, 28)])).toHaveLength(2);
  });
});
