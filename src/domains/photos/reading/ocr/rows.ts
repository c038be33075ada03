import { median } from './median.js';
import { around, union } from './text-box.js';
import type { TextLine } from './text-line.js';
import type { Row, RowPart } from '../row.js';

/** A box as it stands once the sheet is level: only then are rows rows. */
interface Level {
  line: TextLine;
  index: number;
  x: number;
  y: number;
}

interface Draft {
  y: number;
  height: number;
  members: Level[];
}

/** Boxes further apart than half the smaller height are in different rows. */
const SAME_ROW = 0.5;
/** Very flat boxes (a dash, a point) still reach this share of the usual height. */
const FLATTEST = 0.6;
const OVERLAP = 0.3;

/** Puts boxes that stand beside one another into rows, from top to bottom. */
export function rowsOf(lines: readonly TextLine[]): Row[] {
  const tilt = tiltOf(lines);
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const level = lines
    .map((line, index) => ({
      line,
      index,
      x: line.box.cx * cos + line.box.cy * sin,
      y: line.box.cy * cos - line.box.cx * sin,
    }))
    .sort((a, b) => a.y - b.y);
  const flattest = FLATTEST * (median(lines.map(({ box }) => box.height)) ?? 0);
  const drafts: Draft[] = [];
  for (const one of level) join(drafts, one, flattest);
  return drafts.sort((a, b) => a.y - b.y).map(rowOf);
}

function tiltOf(lines: readonly TextLine[]): number {
  return median(lines.filter(({ box }) => box.width > box.height * 2).map(({ box }) => box.angle)) ?? 0;
}

function join(drafts: Draft[], one: Level, flattest: number): void {
  const height = one.line.box.height;
  const near = drafts
    .slice(-4)
    .map((draft) => ({ draft, apart: Math.abs(draft.y - one.y) }))
    .filter(({ draft, apart }) => {
      const smaller = Math.min(Math.max(draft.height, flattest), Math.max(height, flattest));
      return apart < SAME_ROW * smaller && !draft.members.some((member) => overlaps(member, one));
    })
    .sort((a, b) => a.apart - b.apart)[0]?.draft;
  if (!near) {
    drafts.push({ y: one.y, height, members: [one] });
    return;
  }
  near.members.push(one);
  near.y = near.members.reduce((sum, { y }) => sum + y, 0) / near.members.length;
  near.height = Math.max(near.height, height);
}

function overlaps(a: Level, b: Level): boolean {
  const right = Math.min(a.x + a.line.box.width / 2, b.x + b.line.box.width / 2);
  const left = Math.max(a.x - a.line.box.width / 2, b.x - b.line.box.width / 2);
  return right - left > OVERLAP * Math.min(a.line.box.width, b.line.box.width);
}

function rowOf({ y, height, members }: Draft): Row {
  const sorted = members.sort((a, b) => a.x - b.x);
  const parts = sorted.map(({ line, index, x }): RowPart => ({
    text: line.text,
    line: index,
    left: x - line.box.width / 2,
    right: x + line.box.width / 2,
    confidence: line.confidence,
    box: around(line.box),
  }));
  return {
    text: parts.map(({ text }) => text).join(' '),
    parts,
    confidence: Math.min(...parts.map(({ confidence }) => confidence)),
    y,
    height,
    box: union(parts.map(({ box }) => box)),
  };
}
