import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hear, type Heard } from '../audio/hear.js';
import { decodeWav } from '../audio/wav.js';
import { silence, wav } from '../testing/synthetic-sound.js';
import { diarizeOutput } from './outputs/diarize.js';
import { identifyOutcome } from './outputs/identify.js';
import { decodeVoice, voiceprintOutcome } from './outputs/voiceprint.js';

const examples = join(__dirname, '../../../examples/audio');
const file = readFileSync(join(examples, 'two-voices.wav'));
const { turns } = JSON.parse(readFileSync(join(examples, 'two-voices.json'), 'utf8')) as {
  turns: { voice: string; start: number; end: number }[];
};
const url = 'media://two-voices';

type Out = Record<string, unknown> & {
  diarization: { speaker: string; start: number; end: number; confidence?: Record<string, number> }[];
  identification: Record<string, unknown>[];
  voiceprints: { speaker: string; match: string | null; confidence: Record<string, number> }[];
};

/** One turn of the shipped example, as a recording of its own. */
function turnAlone(index: number): Buffer {
  const { rate, samples } = decodeWav(file);
  const { start = 0, end = 0 } = turns[index] ?? {};
  return wav([...silence(0.3, rate), ...samples.slice(start * rate, end * rate), ...silence(0.3, rate)], { rate });
}

async function voiceprintOf(turn: number): Promise<string> {
  return (voiceprintOutcome(await hear(turnAlone(turn))).output as { voiceprint: string }).voiceprint;
}

describe('outputs', () => {
  let heard: Heard;
  const diarize = (request: Record<string, unknown> = {}) => diarizeOutput(heard, { url, ...request }) as Out;
  const identify = (request: Record<string, unknown>) => identifyOutcome(heard, { url, ...request }).output as Out;

  beforeAll(async () => (heard = await hear(file)));

  it('hold only what was asked for', () => {
    expect(Object.keys(diarize())).toEqual(['diarization']);
    const flags = ['exclusive', 'confidence', 'speechProbability', 'crosstalkProbability', 'speakerProbability'];
    const all = diarize(Object.fromEntries([...flags, 'transcription'].map((name) => [name, true])));
    expect(Object.keys(all).sort()).toEqual(
      [
        ...flags.slice(1),
        'diarization',
        'exclusiveDiarization',
        'turnLevelTranscription',
        'wordLevelTranscription',
      ].sort(),
    );
    expect(all.exclusiveDiarization).toEqual(all.diarization);
  });

  it('score 50 frames a second on one axis, high in speech and low in silence', () => {
    const names = ['speechProbability', 'crosstalkProbability', 'confidence', 'speakerProbability'];
    const out = diarize(Object.fromEntries(names.map((name) => [name, true])));
    const scores = (name: string) => out[name] as { score: number[]; resolution: number };
    for (const name of names.slice(0, 3)) {
      expect([scores(name).score.length, scores(name).resolution]).toEqual([750, 0.02]);
      expect(scores(name).score.every((score) => score >= 0 && score <= 100)).toBe(true);
    }
    const [spoken, silent] = [Math.round(1.5 / 0.02), Math.round(0.2 / 0.02)];
    const speech = scores('speechProbability').score;
    expect((speech[spoken] ?? 0) - (speech[silent] ?? 100)).toBeGreaterThan(80);
    const by = (out.speakerProbability as { score: Record<string, number[]> }).score;
    expect(Object.keys(by)).toEqual(['SPEAKER_00', 'SPEAKER_01']);
    expect((by.SPEAKER_00?.[spoken] ?? 0) > (by.SPEAKER_01?.[spoken] ?? 100)).toBe(true);
  });

  it('say how well each voice fits a turn', () => {
    const [first] = diarize({ turnLevelConfidence: true }).diarization;
    expect(first?.confidence).toEqual({ SPEAKER_00: 100, SPEAKER_01: 0 });
  });

  it('heed the number of speakers, with a warning when it cannot be had', () => {
    const speakers = (out: Out) => new Set(out.diarization.map((turn) => turn.speaker)).size;
    expect(speakers(diarize({ numSpeakers: 1 }))).toBe(1);
    expect(speakers(diarize({ minSpeakers: 3 }))).toBe(3);
    expect(diarize({ numSpeakers: 20 }).warning).toMatch('20 speakers');
  });

  it('claim to have heard speech, not words', () => {
    const out = diarize({ transcription: true });
    const said = out.turnLevelTranscription as object[];
    expect(said).toHaveLength(7);
    expect(said[0]).toEqual({ ...out.diarization[0], text: '[speech 1.9 s]' });
    const words = out.wordLevelTranscription as { start: number; end: number; text: string }[];
    expect(words.length > 30 && words.length < 90).toBe(true);
    expect(words.every((word) => word.end > word.start && word.text === '[…]')).toBe(true);
  });

  it('recognise a voice by its voiceprint, by measure and not by name', async () => {
    const voiceprints = [
      { label: 'Vera', voiceprint: await voiceprintOf(3) },
      { label: 'Boris', voiceprint: await voiceprintOf(4) },
    ];
    expect(
      voiceprints.every(({ voiceprint }) => /^[A-Za-z0-9+/]+=*$/.test(voiceprint) && voiceprint.length < 20_000),
    ).toBe(true);
    const out = identify({ voiceprints, matching: { threshold: 50 } });
    expect(out.voiceprints.map((one) => [one.speaker, one.match])).toEqual([
      ['SPEAKER_00', 'Boris'],
      ['SPEAKER_01', 'Vera'],
    ]);
    expect(out.voiceprints[0]?.confidence.Boris).toBeGreaterThan(80);
    expect(out.voiceprints[0]?.confidence.Vera).toBeLessThan(20);
    expect(out.identification[0]).toEqual({
      ...out.diarization[0],
      speaker: 'Boris',
      diarizationSpeaker: 'SPEAKER_00',
      match: 'Boris',
    });
  });

  it('match everybody without a threshold, and one voiceprint twice unless exclusive', async () => {
    const voiceprints = [{ label: 'Vera', voiceprint: await voiceprintOf(1) }];
    const matches = (matching: object | null) =>
      identify({ voiceprints, matching }).voiceprints.map((one) => one.match);
    expect(matches(null)).toEqual([null, 'Vera']);
    expect(matches({ exclusive: false, threshold: null })).toEqual(['Vera', 'Vera']);
    expect(matches({ exclusive: false, threshold: 60 })).toEqual([null, 'Vera']);
    const unmatched = identify({ voiceprints }).identification[0];
    expect(unmatched).toMatchObject({ speaker: 'SPEAKER_00', diarizationSpeaker: 'SPEAKER_00', match: null });
  });

  it('fail for a voiceprint that is none, and for recordings unfit to make one', async () => {
    expect(decodeVoice('AAAA')).toBeNull();
    const foreign = identifyOutcome(heard, { url, voiceprints: [{ label: 'A', voiceprint: 'AAAA' }] });
    expect(foreign).toMatchObject({
      status: 'failed',
      output: { error: 'The voiceprint labelled "A" could not be read.' },
    });
    const errors = [31, 5].map(async (length) => voiceprintOutcome(await hear(wav(silence(length)))).output);
    expect(await Promise.all(errors)).toEqual([
      { error: 'A voiceprint takes at most 30 seconds of audio.' },
      { error: 'No speech was found to make a voiceprint of.' },
    ]);
    expect(voiceprintOutcome(heard).output).toHaveProperty('warning');
  });
});
