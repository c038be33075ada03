import { speakerTimeline } from './speaker-timeline.js';
import { lineOf, registerReceiver, showNotification } from './tour-notification.js';
import type { TourReceiver } from './tour-receiver.js';
import { readReceipts } from './tour-receipts.js';
import { call, follow, order } from './tour-steps.js';
import type { Tour } from './tour-steps.js';
import { nameVoices } from './tour-voices.js';

/** One job from submit to settled, of which an endpoint is told, one whose notice gets lost, and two voices that get names. Everything over REST, as a team would do it. */
export async function takeTour(tour: Tour, receiver: TourReceiver): Promise<void> {
  const { print, url, key, sandboxUrl } = tour;
  const audio = `${sandboxUrl}/sandbox/audio/two-voices.wav`;
  print(`\n1. A recording of two voices goes to POST ${url}/v1/diarizations`);
  await registerReceiver(tour, receiver);
  const job = await follow(tour, await submit(tour, audio));
  print('\n   Who spoke when:\n');
  for (const line of speakerTimeline(job.result?.diarization ?? [])) print(line);
  await showNotification(tour, receiver, job.id);

  print('\n2. The same once more, but the vendor’s notice gets lost on its way. Signalbox asks by itself:');
  await call(`${sandboxUrl}/sandbox/faults`, { method: 'POST', body: { vendor: 'pyannote', fault: 'lose' } });
  await follow(tour, await submit(tour, audio));
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const repairs = metrics.split('\n').find((line) => line.startsWith('signalbox_repairs_total{'));
  print(`   counted, because a repair means that the inbound path leaks: ${repairs ?? 'no repair was counted'}`);
  if (!repairs) throw new Error('the lost notice was not repaired');

  print('\n3. A stretch of each voice goes to POST /v1/voiceprints, then POST /v1/identifications finds them again:\n');
  for (const line of speakerTimeline(await nameVoices(tour, audio, job.result?.diarization ?? []))) print(line);

  print(`\n4. Two photos of receipts go to POST ${url}/v1/receipts at the same moment; what is built in reads them:\n`);
  await readReceipts(tour);

  print('\n5. Go on yourself:\n');
  print(`   API key   ${key}`);
  print(`   REST      ${url}/docs`);
  print(`   metrics   ${url}/metrics      health   ${url}/health`);
  print(`   stand-in  ${sandboxUrl}/sandbox/record\n`);
  print(`   curl -s ${url}/v1/diarizations -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\`);
  print(`     -H 'Prefer: wait=30' -d '{"url":"${audio}"}'`);
  receiver.onVerified = (notification) => print(lineOf(notification));
}

const submit = (tour: Tour, audio: string) => order(tour, '/v1/diarizations', { url: audio });
