// Writes two-voices.wav (two synthetic voices taking turns) and two-voices.json (who speaks when).
// No recording of a person is involved and nothing is random: running it again gives the same bytes.
//   node make-two-voices.mjs [folder]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RATE = 16_000;
const SECONDS = 15;
const PLAN = [
  { voice: 'low', start: 0.6, end: 2.5 },
  { voice: 'high', start: 3.0, end: 4.7 },
  { voice: 'low', start: 5.2, end: 6.3 },
  { voice: 'high', start: 6.7, end: 8.9 },
  { voice: 'low', start: 9.4, end: 11.0 },
  { voice: 'high', start: 11.4, end: 12.4 },
  { voice: 'low', start: 12.9, end: 14.4 },
];
const VOICES = { low: { pitch: 115, tract: 1, tilt: 0.62 }, high: { pitch: 215, tract: 1.17, tilt: 0.5 } };
// First three formants of a, e, i, o, u for an adult man; the other voice scales them up (a shorter vocal tract).
const VOWELS = [
  [730, 1090, 2440],
  [530, 1840, 2480],
  [290, 2250, 2950],
  [570, 860, 2410],
  [320, 900, 2240],
];
const BANDWIDTHS = [80, 110, 160];

function makeRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Air flow of one cycle of the vocal folds (Rosenberg): opens slowly, closes fast, stays shut. */
function glottis(phase, open) {
  const rise = open * 0.7;
  if (phase < rise) return 0.5 - 0.5 * Math.cos((Math.PI * phase) / rise);
  if (phase < open) return Math.cos((Math.PI * (phase - rise)) / (2 * (open - rise)));
  return 0;
}

/** Three two-pole resonators in a row; the frequencies may move from sample to sample. */
function makeTract() {
  const memory = BANDWIDTHS.map(() => [0, 0]);
  return (input, formants) => {
    let x = input;
    for (let k = 0; k < memory.length; k++) {
      const r = Math.exp((-Math.PI * BANDWIDTHS[k]) / RATE);
      const b = 2 * r * Math.cos((2 * Math.PI * formants[k]) / RATE);
      const c = -r * r;
      const y = (1 - b - c) * x + b * memory[k][0] + c * memory[k][1];
      memory[k] = [y, memory[k][0]];
      x = y;
    }
    return x;
  };
}

/** A turn as syllables: where each one begins, how long, which vowel, and whether a hiss opens it. */
function syllables(seconds, random) {
  const list = [];
  let at = 0;
  while (at < seconds - 1e-9) {
    let length = 0.15 + 0.1 * random();
    if (seconds - at - length < 0.14) length = seconds - at;
    list.push({ at, length, vowel: VOWELS[Math.floor(random() * VOWELS.length)], hiss: at > 0 && random() < 0.4 });
    at += length;
  }
  return list;
}

function speak(track, turn, random) {
  const voice = VOICES[turn.voice];
  const tract = makeTract();
  const seconds = turn.end - turn.start;
  const first = Math.round(turn.start * RATE);
  const list = syllables(seconds, random);
  let formants = list[0].vowel.map((f) => f * voice.tract);
  let phase = 0;
  let jitter = 0;
  let before = 0;
  let index = 0;
  const loud = new Float64Array(Math.round(seconds * RATE));
  for (let n = 0; n < loud.length; n++) {
    const t = n / RATE;
    while (index < list.length - 1 && t >= list[index + 1].at) index++;
    const syllable = list[index];
    const inside = (t - syllable.at) / syllable.length;
    // Pitch falls through the turn, as it does in a statement, and wavers a little from cycle to cycle.
    const melody = 1.06 - 0.12 * (t / seconds) + 0.03 * Math.sin(2 * Math.PI * 2.1 * t);
    phase += (voice.pitch * melody * (1 + jitter)) / RATE;
    if (phase >= 1) {
      phase -= 1;
      jitter = (random() - 0.5) * 0.02;
    }
    const flow = glottis(phase, voice.tilt);
    const breath = (random() - 0.5) * 0.02;
    formants = formants.map((f, k) => f + (syllable.vowel[k] * voice.tract - f) * 0.0012);
    // Lips turn flow into pressure: the difference between two samples.
    const vowel = tract(flow - before + breath, formants);
    before = flow;
    const hiss = syllable.hiss && inside < 0.22 ? (random() - 0.5) * 0.05 * Math.sin((Math.PI * inside) / 0.22) : 0;
    const swell = 0.25 + 0.75 * Math.sin(Math.PI * Math.min(1, 0.06 + 0.92 * inside)) ** 0.7;
    loud[n] = vowel * swell + hiss * 0.02;
  }
  let peak = 0;
  for (const x of loud) peak = Math.max(peak, Math.abs(x));
  for (let n = 0; n < loud.length; n++) {
    const edge = Math.min(1, n / (0.015 * RATE), (loud.length - 1 - n) / (0.015 * RATE));
    track[first + n] += (loud[n] / peak) * 0.55 * edge;
  }
}

function wav(track) {
  const bytes = Buffer.alloc(44 + track.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(track.length * 2, 40);
  track.forEach((x, n) => bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, x)) * 32_767), 44 + n * 2));
  return bytes;
}

const random = makeRandom(20_26);
const track = new Float64Array(RATE * SECONDS);
for (let n = 0; n < track.length; n++) track[n] = (random() - 0.5) * 0.002;
for (const turn of PLAN) speak(track, turn, random);

const folder = process.argv[2] ?? import.meta.dirname;
const plan = { file: 'two-voices.wav', sampleRate: RATE, seconds: SECONDS, turns: PLAN };
writeFileSync(join(folder, 'two-voices.wav'), wav(track));
writeFileSync(join(folder, 'two-voices.json'), `${JSON.stringify(plan, null, 2)}\n`);
