import type { Heard, VoiceFeatures } from '../../audio/hear.js';
import { tellVoicesApart, type VoiceCount, type Voices } from '../../audio/voices.js';
import type { SubmitBody } from '../job.js';

export interface Turn {
  speaker: string;
  start: number;
  end: number;
  /** How well each voice fits this turn, 0 to 100, together 100. */
  fits: Record<string, number>;
}

export interface Conversation {
  voices: Voices;
  turns: Turn[];
}

/** Semitones at which a voice fits a turn noticeably worse than a perfect match. */
const TOLERANCE = 2.5;

export function label(voice: number): string {
  return `SPEAKER_${String(voice).padStart(2, '0')}`;
}

export function seconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function conversationIn(heard: Heard, request: SubmitBody): Conversation {
  const voices = tellVoicesApart(heard.stretches, countIn(request));
  const turns: Turn[] = [];
  heard.stretches.forEach((stretch, index) => {
    const speaker = label(voices.ofStretch[index] ?? 0);
    const last = turns.at(-1);
    // Two stretches of one voice without a gap were cut at a jump that turned out to be melody.
    if (last?.speaker === speaker && stretch.start - last.end < 0.005) last.end = seconds(stretch.end);
    else
      turns.push({
        speaker,
        start: seconds(stretch.start),
        end: seconds(stretch.end),
        fits: fits(stretch.pitch, voices.voices),
      });
  });
  return { voices, turns };
}

function countIn(request: SubmitBody): VoiceCount {
  const read = (name: string) => {
    const value = request[name];
    return typeof value === 'number' ? Math.round(value) : undefined;
  };
  return { exactly: read('numSpeakers'), atLeast: read('minSpeakers'), atMost: read('maxSpeakers') };
}

function fits(pitch: number, voices: readonly VoiceFeatures[]): Record<string, number> {
  const weights = voices.map((voice) => Math.exp(-0.5 * ((pitch - voice.pitch) / TOLERANCE) ** 2) + 1e-6);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(weights.map((weight, voice) => [label(voice), Math.round((100 * weight) / total)]));
}
