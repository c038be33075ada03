import type { Heard } from '../../audio/hear.js';
import { HOP } from '../../audio/loudness.js';
import { seconds, type Turn } from './turns.js';

export interface Spoken {
  start: number;
  end: number;
  text: string;
  speaker: string;
}

const DIP = 3;

/** Nothing here understands words: a turn says that there was speech and how long, a word is one swell of energy. */
export function turnTranscription(turns: readonly Turn[]): Spoken[] {
  return turns.map(({ start, end, speaker }) => ({
    start,
    end,
    speaker,
    text: `[speech ${(end - start).toFixed(1)} s]`,
  }));
}

export function wordTranscription(heard: Heard, turns: readonly Turn[]): Spoken[] {
  return turns.flatMap((turn) => {
    const edges = [turn.start, ...dips(heard.loudness.decibels, turn), turn.end];
    return edges.slice(1).map((end, index) => ({
      start: edges[index] ?? turn.start,
      end,
      text: '[…]',
      speaker: turn.speaker,
    }));
  });
}

/** Valleys of the smoothed loudness that lie clearly below the swells on both sides. */
function dips(decibels: Float32Array, turn: Turn): number[] {
  const found: number[] = [];
  let crest = Number.NEGATIVE_INFINITY;
  let valley: { frame: number; level: number } | undefined;
  for (let frame = Math.round(turn.start / HOP); frame < Math.round(turn.end / HOP); frame++) {
    const level = smoothed(decibels, frame);
    if (level > crest) crest = level;
    if (crest - level >= DIP && (valley === undefined || level < valley.level)) valley = { frame, level };
    if (valley === undefined || level - valley.level < DIP) continue;
    found.push(seconds(valley.frame * HOP));
    crest = level;
    valley = undefined;
  }
  return found;
}

function smoothed(decibels: Float32Array, frame: number): number {
  let sum = 0;
  for (let n = frame - 2; n <= frame + 2; n++) sum += decibels[Math.max(0, Math.min(decibels.length - 1, n))] ?? 0;
  return sum / 5;
}
