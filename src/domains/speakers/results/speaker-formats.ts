import { conflict } from '../../../kernel/http/problem.js';
import type { ResultFormat } from '../../../kernel/jobs/results/result-format.js';
import { captionsOf, paragraphsOf } from './captions.js';
import { CONVERSATION_FIELDS, conversationFrom } from './conversation.js';
import type { Conversation, Spoken } from './conversation.js';
import { csv } from './csv.js';
import { plainText } from './plain-text.js';
import { rttm } from './rttm.js';
import { talkStats } from './talk-stats.js';
import { timelineSvg } from './timeline-svg.js';
import { webvtt } from './webvtt.js';

type Make = (conversation: Conversation, jobId: string) => string;

const format = (mediaType: string, extension: string, make: Make): ResultFormat => ({
  mediaType,
  extension,
  fields: CONVERSATION_FIELDS,
  render: (result, { jobId }) => make(conversationFrom(result), jobId),
});

/** The forms, beside JSON, of every result that tells who spoke when. In the order in which `Accept` prefers them. */
export const SPEAKER_FORMATS: Readonly<Record<string, ResultFormat>> = {
  rttm: format('text/x-rttm; charset=utf-8', 'rttm', rttm),
  csv: format('text/csv; charset=utf-8; header=present', 'csv', csv),
  vtt: format('text/vtt; charset=utf-8', 'vtt', (conversation) => webvtt(transcribed(captionsOf(conversation)))),
  txt: format('text/plain; charset=utf-8', 'txt', (conversation) => plainText(transcribed(paragraphsOf(conversation)))),
  svg: format('image/svg+xml; charset=utf-8', 'svg', timelineSvg),
  stats: format('application/json; charset=utf-8', 'stats.json', (conversation) =>
    JSON.stringify(talkStats(conversation)),
  ),
};

/** @throws a 409 where nobody asked for a transcription */
function transcribed(spoken: readonly Spoken[] | null): readonly Spoken[] {
  if (spoken) return spoken;
  throw conflict(
    'no_transcription',
    'this result says who speaks, not what is said; submit a diarization with "transcription": true',
  );
}
