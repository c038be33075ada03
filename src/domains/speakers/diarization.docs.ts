import { DiarizationRequest } from './diarization.dto.js';
import { DiarizationResult } from './diarization.result.js';
import { DocumentsSubmit } from './submit.docs.js';

const url = 'https://files.example.com/meeting.wav';

const EXAMPLES = {
  least: { summary: 'Who speaks when', value: { url } },
  transcript: {
    summary: 'Two to four speakers, and what they say',
    value: { url, minSpeakers: 2, maxSpeakers: 4, transcription: true, labels: { meeting: 'weekly-2026-47' } },
  },
  upload: {
    summary: 'A file that was uploaded before',
    value: { file: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' },
  },
  polling: { summary: 'Without a webhook of the vendor', value: { url, webhook: false } },
};

/** Everything that the documentation says of `POST /v1/diarizations`. */
export const DocumentsDiarization = () =>
  DocumentsSubmit({
    summary: 'Find out who speaks when in an audio file',
    description: 'Audio of 1 GiB and 24 h at most.',
    request: DiarizationRequest,
    result: DiarizationResult,
    examples: EXAMPLES,
  });
