import { speakerTimeline } from './speaker-timeline.js';
import { lineOf, registerReceiver, showNotification } from './tour-notification.js';
import type { TourReceiver } from './tour-receiver.js';
import { readReceipts } from './tour-receipts.js';
import { call, follow, order } from './tour-steps.js';
import type { Tour, Turn } from './tour-steps.js';
import { trainPortrait } from './tour-training.js';
import { nameVoices } from './tour-voices.js';

/** What all steps have, and what one leaves to the next. */
interface Scene {
  tour: Tour;
  receiver: TourReceiver;
  /** A recording of two voices. */
  audio: string;
  /** Who spoke when in it, once that is known. */
  turns: readonly Turn[];
}

interface Step {
  title(scene: Scene): string;
  take(scene: Scene): Promise<void>;
}

const STEPS: readonly Step[] = [
  {
    title: ({ tour }) => `A recording of two voices goes to POST ${tour.url}/v1/diarizations`,
    take: listen,
  },
  {
    title: () => 'The same once more, but the vendor’s notice gets lost on its way. Signalbox asks by itself:',
    take: loseNotice,
  },
  {
    title: () =>
      'A stretch of each voice goes to POST /v1/voiceprints, then POST /v1/identifications finds them again:\n',
    take: name,
  },
  {
    title: () => 'Ten images go to POST /v1/files, then a portrait is trained on them by POST /v1/trainings:',
    take: ({ tour, receiver }) => trainPortrait(tour, receiver),
  },
  {
    title: ({ tour }) =>
      `Two photos of receipts go to POST ${tour.url}/v1/receipts at the same moment; what is built in reads them:\n`,
    take: ({ tour }) => readReceipts(tour),
  },
  { title: () => 'Go on yourself:\n', take: goOn },
];

/** The service from end to end, step by step; everything over REST, as a team would do it. */
export async function takeTour(tour: Tour, receiver: TourReceiver): Promise<void> {
  const scene: Scene = { tour, receiver, audio: `${tour.sandboxUrl}/sandbox/audio/two-voices.wav`, turns: [] };
  for (const [index, { title, take }] of STEPS.entries()) {
    tour.print(`\n${index + 1}. ${title(scene)}`);
    await take(scene);
  }
}

async function listen(scene: Scene): Promise<void> {
  const { tour, receiver } = scene;
  await registerReceiver(tour, receiver);
  const job = await follow(tour, await submit(scene));
  scene.turns = job.result?.diarization ?? [];
  tour.print('\n   Who spoke when:\n');
  for (const line of speakerTimeline(scene.turns)) tour.print(line);
  await showNotification(tour, receiver, job.id);
}

async function loseNotice(scene: Scene): Promise<void> {
  const { url, sandboxUrl, print } = scene.tour;
  await call(`${sandboxUrl}/sandbox/faults`, { method: 'POST', body: { vendor: 'pyannote', fault: 'lose' } });
  await follow(scene.tour, await submit(scene));
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const repairs = metrics.split('\n').find((line) => line.startsWith('signalbox_repairs_total{'));
  print(`   counted, because a repair means that the inbound path leaks: ${repairs ?? 'no repair was counted'}`);
  if (!repairs) throw new Error('the lost notice was not repaired');
}

async function name({ tour, audio, turns }: Scene): Promise<void> {
  for (const line of speakerTimeline(await nameVoices(tour, audio, turns))) tour.print(line);
}

function goOn({ tour: { url, key, sandboxUrl, print }, receiver, audio }: Scene): Promise<void> {
  print(`   API key   ${key}`);
  print(`   REST      ${url}/docs`);
  print(`   metrics   ${url}/metrics      health   ${url}/health`);
  print(`   stand-in  ${sandboxUrl}/sandbox/record\n`);
  print(`   curl -s ${url}/v1/diarizations -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\`);
  print(`     -H 'Prefer: wait=30' -d '{"url":"${audio}"}'`);
  receiver.onVerified = (notification) => print(lineOf(notification));
  return Promise.resolve();
}

const submit = ({ tour, audio }: Scene) => order(tour, '/v1/diarizations', { url: audio });
