import type { Heard, VoiceFeatures } from '../../audio/hear.js';
import { failed } from '../job-runner.js';
import type { Outcome, SubmitBody } from '../job.js';
import { commonOutput } from './diarize.js';
import { conversationIn, label } from './turns.js';
import { decodeVoice, likeness } from './voiceprint.js';

interface Known {
  label: string;
  voice: VoiceFeatures;
}

interface Pair {
  speaker: string;
  known: string;
  score: number;
}

export function identifyOutcome(heard: Heard, request: SubmitBody): Outcome {
  const known: Known[] = [];
  for (const { label: name, voiceprint } of request.voiceprints as { label: string; voiceprint: string }[]) {
    const voice = decodeVoice(voiceprint);
    if (voice === null) return failed(`The voiceprint labelled "${name}" could not be read.`);
    known.push({ label: name, voice });
  }
  const conversation = conversationIn(heard, request);
  const pairs = conversation.voices.voices.flatMap((voice, index) =>
    known.map((one) => ({ speaker: label(index), known: one.label, score: likeness(voice, one.voice) })),
  );
  const matches = match(pairs, request.matching as { exclusive?: boolean | null; threshold?: number | null } | null);
  const identification = conversation.turns.map(({ speaker, start, end, fits }) => {
    const name = matches.get(speaker) ?? null;
    const confidence = request.turnLevelConfidence === true ? { confidence: fits } : {};
    return { speaker: name ?? speaker, start, end, diarizationSpeaker: speaker, match: name, ...confidence };
  });
  const voiceprints = conversation.voices.voices.map((_, index) => {
    const speaker = label(index);
    const scores = pairs.filter((pair) => pair.speaker === speaker).map((pair) => [pair.known, pair.score] as const);
    return { speaker, match: matches.get(speaker) ?? null, confidence: Object.fromEntries(scores) };
  });
  const output = { ...commonOutput(heard, request, conversation), identification, voiceprints };
  return { status: 'succeeded', output };
}

/** Best pair first; `exclusive` gives a voiceprint to one speaker at most, `threshold` drops weak matches. */
function match(
  pairs: readonly Pair[],
  matching?: { exclusive?: boolean | null; threshold?: number | null } | null,
): Map<string, string> {
  const exclusive = matching?.exclusive ?? true;
  const threshold = matching?.threshold ?? 0;
  const taken = new Set<string>();
  const matches = new Map<string, string>();
  for (const { speaker, known, score } of [...pairs].sort((a, b) => b.score - a.score)) {
    if (score < threshold || matches.has(speaker) || (exclusive && taken.has(known))) continue;
    matches.set(speaker, known);
    taken.add(known);
  }
  return matches;
}
