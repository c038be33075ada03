import type { Pitch } from './pitch.js';
import { median } from './median.js';

const SPAN = 0.5;
const FEWEST = 10;
const JUMP = 4.5;

/**
 * Where one voice hands over to another without a pause: the pitch of the half second before and of the half second
 * after differ by more than a melody does, and both halves are steady in themselves. Returns times, in order.
 */
export function pitchJumps(track: readonly Pitch[]): number[] {
  const candidates = track
    .map((pitch, index) => ({ at: pitch.at, index, score: jumpAt(track, index) }))
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score);
  const jumps: typeof candidates = [];
  for (const candidate of candidates) {
    if (jumps.every((jump) => Math.abs(jump.at - candidate.at) > SPAN)) jumps.push(candidate);
  }
  return jumps.map(({ at, index }) => (at + (track[index - 1]?.at ?? at)) / 2).sort((a, b) => a - b);
}

/** Greatest exactly at the hand-over: one frame off, and a half already holds a stray from the other voice. */
function jumpAt(track: readonly Pitch[], index: number): number {
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
