import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fieldsOf, textOf } from '../src/kernel/http/json-fields.js';
import { PyannoteEnv } from '../src/domains/speakers/pyannote.env.js';
import { standingOf } from '../src/domains/speakers/pyannote.words.js';
import { parseEnv } from '../src/kernel/config/parse-env.js';
import { ServiceEnv } from '../src/kernel/config/service.env.js';
import { projectRoot } from '../src/version.js';
import { findingsIn, lifetimeOf } from './findings.js';
import type { Finding } from './findings.js';
import { Receiver } from './receiver.js';
import { VendorCalls } from './vendor-calls.js';

const EVERY_MS = 2_000;
const JOB_MS = 5 * 60_000;
/** The second retry comes a minute after the first. */
const RETRIES_MS = 150_000;

/**
 * One short recording through the real vendor, to see what its documentation leaves open. It costs one smallest job.
 * Returns what was seen. @throws when the vendor does not do what it promises
 */
export async function pyannote(say: (line: string) => void): Promise<Finding[] | null> {
  const env = parseEnv(PyannoteEnv);
  const { PUBLIC_URL, HOST, PORT } = parseEnv(ServiceEnv);
  if (env.PYANNOTEAI_API_KEY === '') return null;
  const calls = new VendorCalls(env.PYANNOTEAI_BASE_URL.replace(/\/+$/, ''), env.PYANNOTEAI_API_KEY);
  const receiver = PUBLIC_URL === '' ? null : await Receiver.listen(HOST, PORT);
  try {
    say(`the key: ${(await calls.test()).status === 200 ? 'taken' : 'NOT taken'}`);
    const media = await upload(calls, say);
    const webhook = receiver && `${PUBLIC_URL.replace(/\/+$/, '')}/live/${randomUUID()}`;
    const made = await calls.submit({ url: media.address, ...(webhook ? { webhook } : {}) });
    say(`submitted: ${made.status}, job ${textOf(made.fields.jobId)}`);
    await ending(calls, textOf(made.fields.jobId) ?? '', say);
    if (receiver) await until(() => receiver.isDone, RETRIES_MS);
    return [
      { fact: 'status of a submit', seen: String(made.status) },
      { fact: 'body of a 401', seen: await wrongKey(calls) },
      { fact: 'lifetime of a presigned address', seen: media.lifetime === null ? null : `${media.lifetime} s` },
      ...findingsIn(receiver?.tries ?? [], env.PYANNOTEAI_WEBHOOK_SECRETS),
    ];
  } finally {
    receiver?.stop();
  }
}

async function upload(calls: VendorCalls, say: (line: string) => void) {
  const bytes = await readFile(join(projectRoot(), 'examples', 'audio', 'two-voices.wav'));
  const address = `media://signalbox-live/${randomUUID()}.wav`;
  const presigned = await calls.presigned(address);
  const status = await calls.put(presigned, new Uint8Array(bytes));
  say(`uploaded ${bytes.length} bytes: ${status}`);
  if (status < 200 || status > 299) throw new Error(`the presigned address does not take the file: ${status}`);
  return { address, lifetime: lifetimeOf(presigned, Date.now() / 1_000) };
}

async function ending(calls: VendorCalls, jobId: string, say: (line: string) => void): Promise<void> {
  let job = await calls.job(jobId);
  const isOver = async () => 'ended' in (standingOf((job = await calls.job(jobId)).status) ?? {});
  if (!(await until(isOver, JOB_MS))) throw new Error(`job ${jobId} is not finished after ${JOB_MS / 60_000} minutes`);
  const turns = fieldsOf(job.output)?.diarization;
  say(`ended: ${String(job.status)}, ${Array.isArray(turns) ? `${turns.length} turns` : 'no output'}`);
  if (!Array.isArray(turns)) throw new Error(`job ${jobId} has no diarization`);
}

async function wrongKey(calls: VendorCalls): Promise<string> {
  const { status, fields } = await calls.test('sk_no_such_key');
  return `${status} with ${Object.keys(fields).join(', ') || 'no JSON object'}`;
}

/** False when it did not become true in time. */
async function until(isTrue: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await pause(EVERY_MS)) if (await isTrue()) return true;
  return false;
}
