import { setTimeout as pause } from 'node:timers/promises';
import { call, follow, order } from './tour-steps.js';
import type { JobAnswer, Tour, Turn } from './tour-steps.js';
import { stretchOf } from './wav-stretch.js';

const NAMES = ['Anna', 'Ben'] as const;
const PATIENCE_MS = 15_000;

/** Enrols the first voices of a recording by a stretch of each, and has it listened to again. Returns who was recognized. */
export async function nameVoices(tour: Tour, audio: string, turns: readonly Turn[]): Promise<Turn[]> {
  const recording = Buffer.from(await (await fetch(audio)).arrayBuffer());
  const speakers = [...new Set(turns.map(({ speaker }) => speaker))].slice(0, NAMES.length);
  for (const [index, speaker] of speakers.entries()) {
    const turn = turns.find((candidate) => candidate.speaker === speaker);
    if (turn) await enrol(tour, NAMES[index] ?? speaker, stretchOf(recording, turn));
  }
  const voiceprints = NAMES.slice(0, speakers.length).map((label) => ({ label }));
  const id = await order(tour, '/v1/identifications', { url: audio, voiceprints, matching: { threshold: 50 } });
  const { result } = await follow(tour, id);
  tour.print('');
  return (result?.identification ?? []).map(({ match, diarizationSpeaker, start, end }) => ({
    speaker: match ?? diarizationSpeaker,
    start,
    end,
  }));
}

/** Until the print is in the library, which is a moment after its job has succeeded. */
async function enrol(tour: Tour, label: string, recording: Buffer): Promise<void> {
  const { url, key } = tour;
  const file = await call<{ id: string }>(`${url}/v1/files?name=${label}.wav`, {
    method: 'POST',
    key,
    body: recording,
  });
  const id = await order(tour, '/v1/voiceprints', { file: file.id, label });
  await follow({ ...tour, print: () => undefined }, id);
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const { followUps } = await call<JobAnswer>(`${url}/v1/jobs/${id}`, { key });
    if (followUps.some(({ state }) => state === 'done')) break;
    if (Date.now() > end) throw new Error(`the voice of ${label} did not get into the library`);
    await pause(100);
  }
  tour.print(`   ${label} is in the library`);
}
