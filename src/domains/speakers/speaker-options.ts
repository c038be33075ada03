import type { AudioLimits } from './speaker-kind.js';
import { fieldsOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';

/** Scores of 50 frames a second: tens of megabytes for an hour of audio. */
export const FRAME_SCORES = ['confidence', 'speechProbability', 'crosstalkProbability', 'speakerProbability'] as const;

/** What the vendor offers wherever it listens to several people. */
export const CONVERSATION_OPTIONS = [
  'url',
  'model',
  'numSpeakers',
  'minSpeakers',
  'maxSpeakers',
  'turnLevelConfidence',
  'exclusive',
  ...FRAME_SCORES,
] as const;

/** A GiB, and a day. */
export const CONVERSATION_AUDIO: AudioLimits = { bytes: 1_024 ** 3, seconds: 24 * 3_600 };

export const asksForFrames = (input: Readonly<Fields>): boolean => FRAME_SCORES.some((name) => input[name] === true);

/** Only the options that are set; null, and an object with nothing in it, mean not set. */
export function setOptions(names: readonly string[], input: Readonly<Fields>): Fields {
  const options = names.map((name) => [name, withoutNulls(input[name])] as const);
  return Object.fromEntries(options.filter(([, value]) => value != null));
}

function withoutNulls(value: unknown): unknown {
  const fields = fieldsOf(value);
  if (!fields) return value;
  const set = Object.entries(fields).filter(([, inner]) => inner != null);
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}
