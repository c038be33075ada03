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
  body: (input) => setOptions(OPTIONS, input),
  statusOnly: asksForFrames,
  result: (output) => (Array.isArray(output.diarization) ? withTexts(output) : null),
};
