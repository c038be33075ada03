import { SPEAKER_FORMATS } from './results/speaker-formats.js';
import type { SpeakerKind } from './speaker-kind.js';
import { CONVERSATION_AUDIO, CONVERSATION_OPTIONS, asksForFrames, setOptions } from './speaker-options.js';
import { withTexts } from './spoken-words.js';

const OPTIONS = [...CONVERSATION_OPTIONS, 'transcription', 'transcriptionConfig'] as const;

/** Who speaks when. */
export const diarization: SpeakerKind = {
  kind: 'diarization',
  path: '/v1/diarize',
  options: OPTIONS,
  audio: CONVERSATION_AUDIO,
  formats: SPEAKER_FORMATS,
  body: (input) => setOptions(OPTIONS, input),
  isHuge: asksForFrames,
  result: (output) => (Array.isArray(output.diarization) ? withTexts(output) : null),
};
