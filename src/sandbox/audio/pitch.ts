import type { Region } from './loudness.js';
import { HOP } from './loudness.js';
import type { Sound } from './wav.js';

const LOWEST = 60;
const HIGHEST = 420;
const WINDOW = 0.025;
const VOICED = 0.55;

/** One measured pitch; `at` is in seconds, `semitones` above 55 Hz, because ears compare ratios. */
export interface Pitch {
  at: number;
  semitones: number;
}

export function semitonesOf(hertz: number): number {
  return 12 * Math.log2(hertz / 55);
}

/** Pitch every second frame of a region, leaving out frames without one (hiss, clicks, whisper). */
export function trackPitch(sound: Sound, region: Region): Pitch[] {
  const track: Pitch[] = [];
  for (let frame = region.from; frame < region.to; frame += 2) {
    const at = (frame + 0.5) * HOP;
    const hertz = pitchAt(sound, at);
    if (hertz !== null) track.push({ at, semitones: semitonesOf(hertz) });
  }
  return track;
}

/** Normalised autocorrelation: the delay at which the sound resembles itself most is one cycle of the voice. */
export function pitchAt(sound: Sound, at: number): number | null {
  const { rate } = sound;
  const shortest = Math.max(2, Math.floor(rate / HIGHEST));
  const longest = Math.ceil(rate / LOWEST);
  const width = Math.round(WINDOW * rate);
  const needed = width + longest + 1;
  const from = Math.round(at * rate - needed / 2);
  if (from < 0 || from + needed > sound.samples.length) return null;
  const x = soften(sound.samples.subarray(from, from + needed), Math.max(1, Math.round(rate / 1_600)));
  const likeness = resemblance(x, width, shortest - 1, longest + 1);
  return bestDelay(likeness, shortest, longest, rate);
}

/** Takes off most of what the mouth adds, so that the cycle of the throat stands out. */
function soften(x: Float32Array, width: number): Float32Array {
  const soft = new Float32Array(x.length - width + 1);
  let sum = 0;
  for (let n = 0; n < x.length; n++) {
    sum += x[n] ?? 0;
    if (n >= width) sum -= x[n - width] ?? 0;
    if (n >= width - 1) soft[n - width + 1] = sum / width;
  }
  return soft;
}

function resemblance(x: Float32Array, widest: number, from: number, to: number): Float32Array {
  const width = Math.min(widest, x.length - to);
  const likeness = new Float32Array(to + 1);
  const own = energyOf(x, 0, width);
  let other = energyOf(x, from, width);
  for (let delay = from; delay <= to; delay++) {
    let dot = 0;
    for (let n = 0; n < width; n++) dot += (x[n] ?? 0) * (x[n + delay] ?? 0);
    likeness[delay] = dot / Math.sqrt(own * other + 1e-12);
    other += (x[delay + width] ?? 0) ** 2 - (x[delay] ?? 0) ** 2;
  }
  return likeness;
}

function energyOf(x: Float32Array, from: number, width: number): number {
  let energy = 0;
  for (let n = from; n < from + width; n++) energy += (x[n] ?? 0) ** 2;
  return energy;
}

/** Twice the cycle resembles as well as once, so the shortest delay that is nearly the best wins. */
function bestDelay(likeness: Float32Array, shortest: number, longest: number, rate: number): number | null {
  const peaks: number[] = [];
  let best = VOICED;
  for (let delay = shortest; delay <= longest; delay++) {
    const here = likeness[delay] ?? 0;
    if (here < (likeness[delay - 1] ?? 0) || here < (likeness[delay + 1] ?? 0)) continue;
    peaks.push(delay);
    best = Math.max(best, here);
  }
  const chosen = peaks.find((delay) => (likeness[delay] ?? 0) >= Math.max(VOICED, best * 0.92));
  if (chosen === undefined) return null;
  const [left, here, right] = [likeness[chosen - 1] ?? 0, likeness[chosen] ?? 0, likeness[chosen + 1] ?? 0];
  const bend = left - 2 * here + right;
  const nudge = bend === 0 ? 0 : Math.max(-0.5, Math.min(0.5, (0.5 * (left - right)) / bend));
  return rate / (chosen + nudge);
}
