import type { Sound } from './wav.js';

const ENOUGH = 8_000;

/** Speech is told from silence, and voices from each other, well below 4 kHz: more only costs time. */
export function condition(sound: Sound): Sound {
  const rate = Math.min(sound.rate, ENOUGH);
  const samples = slowDown(sound, rate);
  withoutRumble(samples, rate);
  return { rate, samples };
}

/** Averaging what falls between two new samples is a low-pass good enough for measuring. */
function slowDown(sound: Sound, rate: number): Float32Array {
  if (rate === sound.rate) return sound.samples.slice();
  const ratio = sound.rate / rate;
  const slow = new Float32Array(Math.floor(sound.samples.length / ratio));
  let from = 0;
  for (let n = 0; n < slow.length; n++) {
    const to = Math.floor((n + 1) * ratio);
    let sum = 0;
    for (let k = from; k < to; k++) sum += sound.samples[k] ?? 0;
    slow[n] = sum / (to - from);
    from = to;
  }
  return slow;
}

/** A constant offset or mains hum would pass for energy: first-order high-pass at about 40 Hz. */
function withoutRumble(samples: Float32Array, rate: number): void {
  const keep = Math.exp((-2 * Math.PI * 40) / rate);
  let before = samples[0] ?? 0;
  let out = 0;
  for (let n = 0; n < samples.length; n++) {
    const now = samples[n] ?? 0;
    out = now - before + keep * out;
    before = now;
    samples[n] = out;
  }
}
