import { fieldsOf } from './json-fields.js';
import type { Fields } from './json-fields.js';
import { SPEAKER_FORMATS } from './results/speaker-formats.js';
import type { SpeakerKind } from './speaker-kind.js';

/** Every documented option, under the vendor's name, which is ours too. */
export const DIARIZATION_OPTIONS = [
  'url',
  'model',
  'numSpeakers',
  'minSpeakers',
  'maxSpeakers',
  'turnLevelConfidence',
  'exclusive',
  'confidence',
  'speechProbability',
  'crosstalkProbability',
  'speakerProbability',
  'transcription',
  'transcriptionConfig',
] as const;

/** Scores of 50 frames a second: tens of megabytes for an hour of audio. */
const FRAME_SCORES = ['confidence', 'speechProbability', 'crosstalkProbability', 'speakerProbability'];

/** Only the options that are set; null, and an object with nothing in it, mean not set. */
export function setOptions(input: Readonly<Fields>): Fields {
  const options = DIARIZATION_OPTIONS.map((name) => [name, withoutNulls(input[name])] as const);
  return Object.fromEntries(options.filter(([, value]) => value != null));
}

function withoutNulls(value: unknown): unknown {
  const fields = fieldsOf(value);
  if (!fields) return value;
  const set = Object.entries(fields).filter(([, inner]) => inner != null);
  return set.length > 0 ? Object.fromEntries(set) : undefined;
}

export const diarization: SpeakerKind = {
  kind: 'diarization',
  path: '/v1/diarize',
  formats: SPEAKER_FORMATS,
  body: setOptions,
  isHuge: (input) => FRAME_SCORES.some((name) => input[name] === true),
  /** Everything that the vendor said, with words under `text` even where it calls them `word`. */
  result(output) {
    if (!Array.isArray(output.diarization)) return null;
    const transcriptions = ['wordLevelTranscription', 'turnLevelTranscription'].filter((name) =>
      Array.isArray(output[name]),
    );
    return {
      ...output,
      ...Object.fromEntries(transcriptions.map((name) => [name, (output[name] as unknown[]).map(withText)])),
    };
  },
};

function withText(entry: unknown): unknown {
  const fields = fieldsOf(entry);
  if (!fields || typeof fields.word !== 'string' || fields.text !== undefined) return entry;
  const { word: text, ...rest } = fields;
  return { ...rest, text };
}
