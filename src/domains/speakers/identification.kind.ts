import { fieldsOf } from '../../kernel/http/json-fields.js';
import { SPEAKER_FORMATS } from './results/speaker-formats.js';
import type { SpeakerKind } from './speaker-kind.js';
import { CONVERSATION_AUDIO, CONVERSATION_OPTIONS, asksForFrames, setOptions } from './speaker-options.js';
import { withTexts } from './spoken-words.js';

const OPTIONS = [...CONVERSATION_OPTIONS, 'voiceprints', 'matching'] as const;

/** No key of the output is documented as required; without all of these there is nothing in it. */
const SUBSTANCE = ['identification', 'voiceprints', 'diarization'] as const;

/** Who speaks when, by the names of people whose voiceprints are given. */
export const identification: SpeakerKind = {
  kind: 'identification',
  path: '/v1/identify',
  options: OPTIONS,
  audio: CONVERSATION_AUDIO,
  secret: { input: ['voiceprints[].voiceprint'] },
  body(input) {
    const known = Array.isArray(input.voiceprints) ? (input.voiceprints as unknown[]) : [];
    // Which entry of the library it came from is our own business.
    const voiceprints = known.map((item) => setOptions(['label', 'voiceprint'], fieldsOf(item) ?? {}));
    return { ...setOptions(OPTIONS, input), voiceprints };
  },
  formats: SPEAKER_FORMATS,
  isHuge: asksForFrames,
  result: (output) => (SUBSTANCE.some((name) => Array.isArray(output[name])) ? withTexts(output) : null),
};
