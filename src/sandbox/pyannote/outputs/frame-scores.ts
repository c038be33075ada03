import type { Heard } from '../../audio/hear.js';
import type { Conversation, Turn } from './turns.js';
import { label } from './turns.js';

export const RESOLUTION = 0.02;

export interface FrameScores<T> {
  score: T;
  resolution: number;
}

/** 50 % exactly at the threshold of loudness, certainty a few decibels away from it. */
export function speechProbability(heard: Heard): number[] {
  const { decibels, threshold } = heard.loudness;
  const frames = Math.floor(decibels.length / 2);
  return Array.from({ length: frames }, (_, frame) => {
    const level = ((decibels[frame * 2] ?? 0) + (decibels[frame * 2 + 1] ?? 0)) / 2;
    return Math.round(100 / (1 + Math.exp((threshold - level) / 3)));
  });
}

/** How sure the diarization is of what it says about a frame, be it silence or somebody's turn. */
export function confidence(heard: Heard, turns: readonly Turn[]): number[] {
  const speech = speechProbability(heard);
  const whose = turnOfFrame(turns, speech.length);
  return speech.map((probability, frame) => {
    const turn = whose[frame];
    return turn === undefined ? 100 - probability : Math.round((probability * (turn.fits[turn.speaker] ?? 0)) / 100);
  });
}

export function speakerProbability(heard: Heard, { voices, turns }: Conversation): Record<string, number[]> {
  const speech = speechProbability(heard);
  const whose = turnOfFrame(turns, speech.length);
  const of = (speaker: string) =>
    speech.map((probability, frame) => Math.round((probability * (whose[frame]?.fits[speaker] ?? 0)) / 100));
  return Object.fromEntries(voices.voices.map((_, voice) => [label(voice), of(label(voice))]));
}

/** Two voices at once are not listened for, so no frame claims them. */
export function crosstalkProbability(heard: Heard): number[] {
  return speechProbability(heard).map(() => 0);
}

export function frameScores<T>(score: T): FrameScores<T> {
  return { score, resolution: RESOLUTION };
}

function turnOfFrame(turns: readonly Turn[], frames: number): (Turn | undefined)[] {
  const whose: (Turn | undefined)[] = Array.from({ length: frames });
  for (const turn of turns) whose.fill(turn, Math.round(turn.start / RESOLUTION), Math.round(turn.end / RESOLUTION));
  return whose;
}
