import type { Heard } from '../../audio/hear.js';
import type { SubmitBody } from '../job.js';
import {
  confidence,
  crosstalkProbability,
  frameScores,
  speakerProbability,
  speechProbability,
} from './frame-scores.js';
import { turnTranscription, wordTranscription } from './transcription.js';
import { type Conversation, conversationIn, type Turn } from './turns.js';

export function diarizeOutput(heard: Heard, request: SubmitBody): object {
  const conversation = conversationIn(heard, request);
  const spoken = {
    wordLevelTranscription: wordTranscription(heard, conversation.turns),
    turnLevelTranscription: turnTranscription(conversation.turns),
  };
  return { ...commonOutput(heard, request, conversation), ...(request.transcription === true ? spoken : {}) };
}

/** What diarize and identify have in common; only what was asked for is there. */
export function commonOutput(heard: Heard, request: SubmitBody, conversation: Conversation): object {
  const { turns, voices } = conversation;
  const diarization = turns.map((turn) => turnOutput(turn, request));
  const asked: Record<string, () => unknown> = {
    // Voices never overlap here, so leaving overlaps out changes nothing.
    exclusive: () => ({ exclusiveDiarization: diarization }),
    confidence: () => ({ confidence: frameScores(confidence(heard, turns)) }),
    speechProbability: () => ({ speechProbability: frameScores(speechProbability(heard)) }),
    crosstalkProbability: () => ({ crosstalkProbability: frameScores(crosstalkProbability(heard)) }),
    speakerProbability: () => ({ speakerProbability: frameScores(speakerProbability(heard, conversation)) }),
  };
  const extras = Object.entries(asked).map(([name, make]) => (request[name] === true ? make() : {}));
  const warning = voices.warning === undefined ? {} : { warning: voices.warning };
  return Object.assign({ diarization }, ...extras, warning) as object;
}

function turnOutput({ speaker, start, end, fits }: Turn, request: SubmitBody) {
  return { speaker, start, end, ...(request.turnLevelConfidence === true ? { confidence: fits } : {}) };
}
