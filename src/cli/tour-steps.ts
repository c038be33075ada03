import { setTimeout as pause } from 'node:timers/promises';
import { isSettled } from '../kernel/jobs/job-status.js';
import type { JobStatus } from '../kernel/jobs/job-status.js';

export interface Tour {
  url: string;
  key: string;
  sandboxUrl: string;
  print: (line: string) => void;
}

export interface Turn {
  speaker: string;
  start: number;
  end: number;
}

/** What the tour looks at of a result, whatever the kind. */
interface JobResult {
  diarization?: Turn[];
  identification?: (Turn & { diarizationSpeaker: string; match: string | null })[];
}

export interface JobAnswer {
  id: string;
  status: JobStatus;
  phase: string | null;
  progress: number | null;
  price: number | null;
  result?: JobResult | null;
  followUps: { state: string }[];
  error: { code: string; message: string } | null;
}

interface EventAnswer {
  type: string;
  at: string;
  cause: { by: string; repair?: boolean };
}

const LIMIT_MS = 60_000;

/** Prints the timeline as it grows, and how far the job is where that is known, until it is settled. */
export async function follow(tour: Tour, id: string): Promise<JobAnswer> {
  const path = `${tour.url}/v1/jobs/${id}`;
  const start = Date.now();
  let shown = 0;
  let progress: number | null = null;
  while (Date.now() - start < LIMIT_MS) {
    const job = await call<JobAnswer>(path, { key: tour.key });
    const { items } = await call<{ items: EventAnswer[] }>(`${path}/events`, { key: tour.key });
    for (const event of items.slice(shown))
      tour.print(`   ${seconds(event.at, items[0]?.at)}  ${event.type.padEnd(26)} ${why(event)}`);
    shown = items.length;
    if (job.progress !== progress && !isSettled(job.status))
      tour.print(`             ${job.phase}, ${Math.round((job.progress ?? 0) * 100)} %`);
    progress = job.progress;
    if (isSettled(job.status)) {
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

export interface Ask {
  method?: string;
  key?: string;
  /** Bytes as they are, anything else as JSON. */
  body?: unknown;
  /** Of bytes. */
  mediaType?: string;
}

/** Hands a job in; returns its id. */
export async function order(tour: Tour, path: string, body: object): Promise<string> {
  return (await call<JobAnswer>(`${tour.url}${path}`, { method: 'POST', key: tour.key, body })).id;
}

/** @throws whatever is no success, with all that was answered */
export async function call<T>(
  url: string,
  { method = 'GET', key, body, mediaType = 'audio/wav' }: Ask = {},
): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(key ? { Authorization: `Bearer ${key}` } : {}),
      ...(body ? { 'Content-Type': body instanceof Uint8Array ? mediaType : 'application/json' } : {}),
    },
    ...(body ? { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
