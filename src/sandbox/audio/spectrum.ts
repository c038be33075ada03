import type { Sound } from './wav.js';

export const BANDS = 16;

const SIZE = 256;
const LOW = 120;
const HIGH = 3_800;
const MOST_WINDOWS = 200;

const FADE = Float64Array.from({ length: SIZE }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / (SIZE - 1)));
const COSINE = Float64Array.from({ length: SIZE }, (_, n) => Math.cos((2 * Math.PI * n) / SIZE));
const SINE = Float64Array.from({ length: SIZE }, (_, n) => Math.sin((2 * Math.PI * n) / SIZE));
const MIRRORED = Uint16Array.from({ length: SIZE }, (_, n) => mirrored(n));

/** Average level in bands spaced as the ear spaces them, in decibels around their own mean: the colour of a voice. */
export function bandLevels(sound: Sound, moments: readonly number[]): number[] {
  const sums = new Float64Array(BANDS);
  const step = Math.max(1, Math.ceil(moments.length / MOST_WINDOWS));
  for (let k = 0; k < moments.length; k += step) {
    const from = Math.round((moments[k] ?? 0) * sound.rate) - SIZE / 2;
    if (from < 0 || from + SIZE > sound.samples.length) continue;
    const power = powerSpectrum(sound.samples.subarray(from, from + SIZE));
    power.forEach((value, bin) => {
      const band = bandOf((bin * sound.rate) / SIZE);
      if (band !== null) sums[band] = (sums[band] ?? 0) + value;
    });
  }
  const levels = [...sums].map((sum) => 10 * Math.log10(sum + 1e-9));
  const mean = levels.reduce((sum, level) => sum + level, 0) / BANDS;
  return levels.map((level) => level - mean);
}

function bandOf(hertz: number): number | null {
  if (hertz < LOW || hertz >= HIGH) return null;
  return Math.floor(((mel(hertz) - mel(LOW)) / (mel(HIGH) - mel(LOW))) * BANDS);
}

function mel(hertz: number): number {
  return Math.log10(1 + hertz / 700);
}

/** Fourier transform by halving (radix 2), after fading both ends of the window. */
function powerSpectrum(x: Float32Array): Float64Array {
  const real = new Float64Array(SIZE);
  const imaginary = new Float64Array(SIZE);
  for (let n = 0; n < SIZE; n++) real[MIRRORED[n] ?? 0] = (x[n] ?? 0) * (FADE[n] ?? 0);
  for (let width = 2; width <= SIZE; width *= 2) {
    for (let start = 0; start < SIZE; start += width) butterfly(real, imaginary, start, width);
  }
  return Float64Array.from({ length: SIZE / 2 }, (_, bin) => (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2);
}

function butterfly(real: Float64Array, imaginary: Float64Array, start: number, width: number): void {
  for (let k = 0; k < width / 2; k++) {
    const top = start + k;
    const bottom = top + width / 2;
    const turn = (k * SIZE) / width;
    const c = COSINE[turn] ?? 0;
    const s = -(SINE[turn] ?? 0);
    const r = (real[bottom] ?? 0) * c - (imaginary[bottom] ?? 0) * s;
    const i = (real[bottom] ?? 0) * s + (imaginary[bottom] ?? 0) * c;
    const tr = real[top] ?? 0;
    const ti = imaginary[top] ?? 0;
    real[top] = tr + r;
    imaginary[top] = ti + i;
    real[bottom] = tr - r;
    imaginary[bottom] = ti - i;
  }
}

function mirrored(index: number): number {
  let from = index;
  let to = 0;
  for (let bit = 1; bit < SIZE; bit *= 2) {
    to = (to << 1) | (from & 1);
    from >>= 1;
  }
  return to;
}
