import { BANDS } from '../../audio/spectrum.js';
import type { Heard, VoiceFeatures } from '../../audio/hear.js';
import { featuresOf, tellVoicesApart } from '../../audio/voices.js';
import { failed } from '../job-runner.js';
import type { Outcome } from '../job.js';

const LONGEST = 30;
const MAGIC = Buffer.from('SBV1', 'latin1');
const NUMBERS = 2 + BANDS;

export function voiceprintOutcome(heard: Heard): Outcome {
  if (heard.seconds > LONGEST) return failed(`A voiceprint takes at most ${LONGEST} seconds of audio.`);
  if (heard.stretches.length === 0) return failed('No speech was found to make a voiceprint of.');
  const { voices } = tellVoicesApart(heard.stretches);
  const warning = voices.length > 1 ? { warning: `${voices.length} voices were heard where one was expected` } : {};
  return { status: 'succeeded', output: { voiceprint: encodeVoice(featuresOf(heard.stretches)), ...warning } };
}

export function encodeVoice({ pitch, spread, bands }: VoiceFeatures): string {
  const bytes = Buffer.alloc(NUMBERS * 4);
  [pitch, spread, ...bands].forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return Buffer.concat([MAGIC, bytes]).toString('base64');
}

/** null for text that this stand-in did not make itself. */
export function decodeVoice(voiceprint: string): VoiceFeatures | null {
  const bytes = Buffer.from(voiceprint, 'base64');
  if (bytes.length !== MAGIC.length + NUMBERS * 4 || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const numbers = Array.from({ length: NUMBERS }, (_, index) => bytes.readFloatLE(MAGIC.length + index * 4));
  const [pitch = 0, spread = 0, ...bands] = numbers;
  return numbers.every(Number.isFinite) ? { pitch, spread, bands } : null;
}

/** 0 to 100 from how far apart two voices are in pitch and colour. */
export function likeness(one: VoiceFeatures, other: VoiceFeatures): number {
  const colour = one.bands.reduce((sum, level, band) => sum + (level - (other.bands[band] ?? 0)) ** 2, 0) / BANDS;
  const apart = ((one.pitch - other.pitch) / 2.5) ** 2 + ((one.spread - other.spread) / 6) ** 2 + colour / 8 ** 2;
  return Math.round(100 * Math.exp(-apart / 2));
}
