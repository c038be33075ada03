import { setTimeout as pause } from 'node:timers/promises';
import { speakerTimeline } from './speaker-timeline.js';

export interface Tour {
  url: string;
  key: string;
  sandboxUrl: string;
  print: (line: string) => void;
}

interface JobAnswer {
  id: string;
  status: string;
  result?: { diarization: { speaker: string; start: number; end: number }[] } | null;
  error: { code: string; message: string } | null;
}

interface EventAnswer {
  type: string;
  at: string;
  cause: { by: string; repair?: boolean };
}

const SETTLED = /^(succeeded|failed|canceled|expired)$/;
const LIMIT_MS = 60_000;

/** One job from submit to settled, then one whose notice gets lost. Everything over REST, as a team would do it. */
export async function takeTour(tour: Tour): Promise<void> {
  const { print, url, key, sandboxUrl } = tour;
  const audio = `${sandboxUrl}/sandbox/audio/two-voices.wav`;
  print(`\n1. A recording of two voices goes to POST ${url}/v1/diarizations`);
  const job = await follow(tour, await submit(tour, audio));
  print('\n   Who spoke when:\n');
  for (const line of speakerTimeline(job.result?.diarization ?? [])) print(line);

  print('\n2. The same once more, but the vendor’s notice gets lost on its way. Signalbox asks by itself:');
  await call(`${sandboxUrl}/sandbox/faults`, { method: 'POST', body: { vendor: 'pyannote', fault: 'lose' } });
  await follow(tour, await submit(tour, audio));
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const repairs = metrics.split('\n').find((line) => line.startsWith('signalbox_repairs_total{'));
  print(`   counted, because a repair means that the inbound path leaks: ${repairs ?? 'no repair was counted'}`);
  if (!repairs) throw new Error('the lost notice was not repaired');

  print('\n3. Go on yourself:\n');
  print(`   API key   ${key}`);
  print(`   REST      ${url}/docs`);
  print(`   metrics   ${url}/metrics      health   ${url}/health`);
  print(`   stand-in  ${sandboxUrl}/sandbox/record\n`);
  print(`   curl -s ${url}/v1/diarizations -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\`);
  print(`     -H 'Prefer: wait=30' -d '{"url":"${audio}"}'`);
}

async function submit(tour: Tour, audio: string): Promise<string> {
  const job = await call<JobAnswer>(`${tour.url}/v1/diarizations`, {
    method: 'POST',
    key: tour.key,
    body: { url: audio },
  });
  return job.id;
}

/** Prints the timeline as it grows, until the job is settled. */
async function follow(tour: Tour, id: string): Promise<JobAnswer> {
  const path = `${tour.url}/v1/jobs/${id}`;
  const start = Date.now();
  let shown = 0;
  while (Date.now() - start < LIMIT_MS) {
    const job = await call<JobAnswer>(path, { key: tour.key });
    const { items } = await call<{ items: EventAnswer[] }>(`${path}/events`, { key: tour.key });
    for (const event of items.slice(shown))
      tour.print(`   ${seconds(event.at, items[0]?.at)}  ${event.type.padEnd(26)} ${why(event)}`);
    shown = items.length;
    if (SETTLED.test(job.status)) {
      if (job.status !== 'succeeded')
        throw new Error(`the job ended ${job.status}: ${job.error?.message ?? 'no reason given'}`);
      return job;
    }
    await pause(100);
  }
  throw new Error(`job ${id} was not settled within ${LIMIT_MS / 1_000} s`);
}

function seconds(at: string, first: string | undefined): string {
  return `${((Date.parse(at) - Date.parse(first ?? at)) / 1_000).toFixed(2).padStart(6)} s`;
}

function why(event: EventAnswer): string {
  return event.cause.repair ? `by ${event.cause.by}: no notice came, the vendor was asked` : `by ${event.cause.by}`;
}

async function call<T>(url: string, options: { method?: string; key?: string; body?: unknown } = {}): Promise<T> {
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    headers: {
      ...(options.key ? { Authorization: `Bearer ${options.key}` } : {}),
      ...(options.body ? { 'Content-Type': 'application/json' } : {}),
    },
    ...(options.body ? { body: JSON.stringify(options.body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${options.method ?? 'GET'} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}
