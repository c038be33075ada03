import { textOf } from '../../kernel/http/json-fields.js';
import type { SpeakerKind } from './speaker-kind.js';
import { setOptions } from './speaker-options.js';

const OPTIONS = ['url', 'model'] as const;

/** What makes one person's voice recognizable. It is biometric: sealed where it is stored, and never in a notice. */
export const voiceprint: SpeakerKind = {
  kind: 'voiceprint',
  path: '/v1/voiceprint',
  options: OPTIONS,
  audio: { bytes: 100 * 1_024 ** 2, seconds: 30 },
  secret: { result: ['voiceprint'] },
  body: (input) => setOptions(OPTIONS, input),
  isHuge: () => false,
  result: (output) => (textOf(output.voiceprint) === null ? null : { ...output }),
};
