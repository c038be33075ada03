import type { Sound } from './wav.js';

/** Seconds between two measurements of loudness. */
export const HOP = 0.01;

const WINDOW = 0.02;
const QUIETEST = -100;
const NOTHING_ABOVE = -65;
const LONGEST_BREATH = 0.25;
const SHORTEST_SPEECH = 0.15;

export interface Loudness {
  decibels: Float32Array;
  /** At or above this a frame counts as loud. */
  threshold: number;
}

/** Half-open range of frames. */
export interface Region {
  from: number;
  to: number;
}

export function measureLoudness(sound: Sound): Loudness {
  const hop = HOP * sound.rate;
  const half = (WINDOW * sound.rate) / 2;
  const decibels = new Float32Array(Math.floor(sound.samples.length / hop));
  for (let frame = 0; frame < decibels.length; frame++) {
    const middle = (frame + 0.5) * hop;
    const from = Math.max(0, Math.round(middle - half));
    const to = Math.min(sound.samples.length, Math.round(middle + half));
    let energy = 0;
    for (let n = from; n < to; n++) energy += (sound.samples[n] ?? 0) ** 2;
    decibels[frame] = energy === 0 ? QUIETEST : Math.max(QUIETEST, 10 * Math.log10(energy / (to - from)));
  }
  return { decibels, threshold: thresholdFor(decibels) };
}

/**
 * Between the noise floor of this very recording and its peak. Without a pause the floor lies inside the speech, and
 * in digital silence it lies at nothing: the distance from the peak bounds it on both sides.
 */
function thresholdFor(decibels: Float32Array): number {
  const sorted = Float32Array.from(decibels).sort();
  const floor = sorted[Math.floor(sorted.length * 0.05)] ?? QUIETEST;
  const peak = sorted[Math.max(0, sorted.length - 1 - Math.floor(sorted.length * 0.005))] ?? QUIETEST;
  if (peak < NOTHING_ABOVE) return Number.POSITIVE_INFINITY;
  return Math.min(Math.max(floor + 10, peak - 36), peak - 15);
}

/** Loud stretches, with breaths inside filled and clicks dropped. */
export function loudRegions(loudness: Loudness): Region[] {
  const regions: Region[] = [];
  let open: Region | undefined;
  loudness.decibels.forEach((level, frame) => {
    if (level < loudness.threshold) return;
    if (open !== undefined && (frame - open.to) * HOP < LONGEST_BREATH) open.to = frame + 1;
    else regions.push((open = { from: frame, to: frame + 1 }));
  });
  return regions.filter((region) => (region.to - region.from) * HOP >= SHORTEST_SPEECH - 1e-9);
}
