import { setImmediate as breathe } from 'node:timers/promises';
import { condition } from './condition.js';
import { HOP, type Loudness, loudRegions, measureLoudness, type Region } from './loudness.js';
import { median, quantile } from './median.js';
import { pitchJumps } from './pitch-jumps.js';
import { type Pitch, trackPitch } from './pitch.js';
import { bandLevels } from './spectrum.js';
import { decodeWav, type Sound } from './wav.js';

/** What makes one voice differ from another, as far as this stand-in can measure it. */
export interface VoiceFeatures {
  /** Median pitch and the width of its middle half, in semitones. */
  pitch: number;
  spread: number;
  bands: number[];
}

/** An unbroken piece of speech of one voice, in seconds. */
export interface Stretch extends VoiceFeatures {
  start: number;
  end: number;
}

export interface Heard {
  seconds: number;
  loudness: Loudness;
  stretches: Stretch[];
}

const LEAST_VOICED = 0.1;
const SHORTEST_PIECE = 0.2;
const BITE = 1_000;

/** Everything measurable about a recording that does not depend on what the caller asks for. */
export async function hear(wav: Buffer): Promise<Heard> {
  const raw = decodeWav(wav);
  const sound = condition(raw);
  const loudness = measureLoudness(sound);
  const stretches: Stretch[] = [];
  for (const region of loudRegions(loudness)) {
    const track = await trackAll(sound, region);
    if (track.length < 3 || track.length * 2 < (region.to - region.from) * LEAST_VOICED) continue;
    for (const piece of splitAtJumps(region, track)) {
      const bands = bandLevels(
        sound,
        piece.track.map((pitch) => pitch.at),
      );
      const semitones = piece.track.map((pitch) => pitch.semitones);
      const spread = quantile(semitones, 0.75) - quantile(semitones, 0.25);
      stretches.push({ start: piece.start, end: piece.end, pitch: median(semitones), spread, bands });
    }
  }
  return { seconds: raw.samples.length / raw.rate, loudness, stretches };
}

/** In bites of ten seconds: a long recording must not hold up the answers to everybody else. */
async function trackAll(sound: Sound, region: Region): Promise<Pitch[]> {
  const track: Pitch[] = [];
  for (let from = region.from; from < region.to; from += BITE) {
    await breathe();
    track.push(...trackPitch(sound, { from, to: Math.min(region.to, from + BITE) }));
  }
  return track;
}

interface Piece {
  start: number;
  end: number;
  track: Pitch[];
}

function splitAtJumps(region: Region, track: Pitch[]): Piece[] {
  const [first, last] = [region.from * HOP, region.to * HOP];
  const inside = pitchJumps(track).filter((at) => at - first >= SHORTEST_PIECE && last - at >= SHORTEST_PIECE);
  const edges = [first, ...inside, last];
  return edges.slice(1).map((end, index) => {
    const start = edges[index] ?? first;
    return { start, end, track: track.filter((pitch) => pitch.at >= start && pitch.at < end) };
  });
}
