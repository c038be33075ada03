/**
 * Who spoke when, by Signalbox: submits a recording, waits for the result, prints the turns. Nothing but Node's own.
 *
 *   SIGNALBOX_KEY=sbx_… node examples/who-spoke-when.mts weekly.wav
 *   SIGNALBOX_KEY=sbx_… node examples/who-spoke-when.mts https://files.example.com/weekly.wav
 *
 * Node 22.18 and newer run it as it is; for an older one compile it first with `tsc`. SIGNALBOX_URL says where the service
 * is (http://127.0.0.1:8000 unless set). The key needs the scopes jobs:read and jobs:write, and files:write for a file.
 */
import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

interface Turn {
  speaker: string;
  /** Seconds from the beginning. */
  start: number;
  end: number;
}

interface Job {
  id: string;
  status: string;
  result?: { diarization: Turn[] } | null;
  error?: { code: string; message: string } | null;
}

interface Problem {
  code?: string;
  detail?: string;
}

const SERVICE = process.env.SIGNALBOX_URL ?? 'http://127.0.0.1:8000';
const KEY = process.env.SIGNALBOX_KEY ?? '';
const TRIES = 5;

/** Whoever reads it can do something about it: printed without a stack. */
class Mistake extends Error {}

/**
 * One request. A connection that fails, or a service that is busy, is tried again: with an `Idempotency-Key` a second
 * request never makes a second job.
 */
async function ask<T>(method: string, path: string, headers: Record<string, string>, body?: string | Blob): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === TRIES;
    let response: Response;
    try {
      response = await fetch(new URL(path, SERVICE), {
        method,
        headers: { Authorization: `Bearer ${KEY}`, ...headers },
        ...(body === undefined ? {} : { body }),
        // The service holds an answer for a minute at most.
        signal: AbortSignal.timeout(90_000),
      });
      if (response.ok) return (await response.json()) as T;
    } catch (error) {
      if (last) throw new Mistake(`${SERVICE} does not answer: ${reasonOf(error)}`);
      await sleep(attempt * 500);
      continue;
    }
    const problem = (await response.json().catch(() => ({}))) as Problem;
    const mayPass = [409, 429, 503].includes(response.status) && response.headers.has('retry-after');
    if (last || !mayPass) {
      throw new Mistake(`${response.status} ${problem.code ?? response.statusText}: ${problem.detail ?? 'no details'}`);
    }
    await sleep(Number(response.headers.get('retry-after')) * 1_000);
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/** An address goes as it is; a file is uploaded first. */
async function recordingOf(argument: string): Promise<{ url: string } | { file: string }> {
  if (/^(https?|media):\/\//.test(argument)) return { url: argument };
  const found = await stat(argument).catch(() => null);
  if (!found?.isFile()) throw new Mistake(`${argument}: there is no such file, and it is no address either`);
  // Read while it is sent, never as a whole.
  const content = await openAsBlob(argument);
  const path = `/v1/files?name=${encodeURIComponent(basename(argument))}`;
  const file = await ask<{ id: string }>('POST', path, { 'Content-Type': 'application/octet-stream' }, content);
  return { file: file.id };
}

/** Waits for as long as it takes, one request a minute. */
async function diarize(recording: object): Promise<Job> {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), Prefer: 'wait=60' };
  let job = await ask<Job>('POST', '/v1/diarizations', headers, JSON.stringify(recording));
  while (!['succeeded', 'failed', 'canceled', 'expired'].includes(job.status)) {
    console.error(`job ${job.id} is ${job.status} …`);
    job = await ask<Job>('GET', `/v1/jobs/${job.id}`, { Prefer: 'wait=60' });
  }
  return job;
}

async function main(): Promise<void> {
  const [recording] = process.argv.slice(2);
  if (recording === undefined) throw new Mistake('which recording? Give a file or an http(s) address');
  if (KEY === '') throw new Mistake('SIGNALBOX_KEY is not set; signalbox keys create --name me makes a key');
  const job = await diarize(await recordingOf(recording));
  if (job.status !== 'succeeded' || !job.result)
    throw new Mistake(`job ${job.id} is ${job.status}: ${job.error?.message ?? 'no reason was given'}`);
  for (const { speaker, start, end } of job.result.diarization)
    console.log(`${start.toFixed(2).padStart(9)} – ${end.toFixed(2).padStart(9)} s  ${speaker}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Mistake ? error.message : error);
  process.exitCode = 1;
});
