import type { Pitch } from './pitch.js';
import { median } from './median.js';

const SPAN = 0.5;
const FEWEST = 10;
const JUMP = 4.5;

/**
 * Where one voice hands over to another without a pause: the pitch of the half second before and of the half second
 * after differ by more than a melody does, and both halves are steady in themselves. Returns times, in order.
 */
export function pitchJumps(track: Pitch[]): number[] {
  let best: { index: number; score: number } | undefined;
  for (let index = FEWEST; index <= track.length - FEWEST; index++) {
    const score = jumpAt(track, index);
    if (score > 0 && (best === undefined || score > best.score)) best = { index, score };
  }
  if (best === undefined) return [];
  const [before, after] = [track.slice(0, best.index), track.slice(best.index)];
  const at = ((before.at(-1)?.at ?? 0) + (after[0]?.at ?? 0)) / 2;
  return [...pitchJumps(before), at, ...pitchJumps(after)];
}

/** Greatest exactly at the hand-over: one frame off, and a half already holds a stray from the other voice. */
function jumpAt(track: Pitch[], index: number): number {
  const here = track[index]?.at ?? 0;
  const left: number[] = [];
  const right: number[] = [];
  for (let n = index - 1; n >= 0 && here - (track[n]?.at ?? 0) <= SPAN; n--) left.push(track[n]?.semitones ?? 0);
  for (let n = index; n < track.length && (track[n]?.at ?? 0) - here < SPAN; n++) right.push(track[n]?.semitones ?? 0);
  if (left.length < FEWEST || right.length < FEWEST) return 0;
  const distance = Math.abs(median(left) - median(right));
  const unrest = (strayed(left) + strayed(right)) / 2;
  return distance >= JUMP && distance > 2 * unrest ? distance - unrest : 0;
}

function strayed(values: number[]): number {
  const middle = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - middle), 0) / values.length;
}
