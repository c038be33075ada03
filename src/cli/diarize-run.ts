import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sizeOfAudio, uploadAudio } from './audio-upload.js';
import type { DiarizeOptions } from './diarize-options.js';
import { Mistake } from './mistake.js';
import { ServiceClient, endOf } from './service-client.js';
import type { Service } from './service-client.js';
import { serviceOf } from './service-address.js';

/** What Ctrl-C finds: whether there is a job already that goes on without us. */
interface Progress {
  jobId: string | null;
}

/** One recording from file or address to its result. Messages go to standard error. @throws {Mistake} */
export async function diarize(audio: string, request: object, options: DiarizeOptions): Promise<void> {
  const progress: Progress = { jobId: null };
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  try {
    await run(audio, request, options, { service: serviceOf(options, interrupted.signal), progress });
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    const { jobId } = progress;
    throw new Mistake(jobId === null ? 'interrupted; no job is known to be made' : `interrupted; job ${jobId} goes on`);
  }
}

async function run(
  audio: string,
  request: object,
  { wait, format = 'rttm' }: DiarizeOptions,
  { service, progress }: { service: Service; progress: Progress },
): Promise<void> {
  const source = await sourceOf(audio, service);
  const client = new ServiceClient(service);
  const made = await client.submit({ ...source, ...request }, randomUUID());
  progress.jobId = made.id;
  if (!wait) return console.log(made.id);
  console.error(`job ${made.id} is ${made.status}; waiting for its result…`);
  const job = await client.settled(made.id);
  if (job.status !== 'succeeded') throw new Mistake(endOf(job));
  await pipeline(await client.result(job, format), process.stdout, { end: false }).catch(unlessNobodyReads);
}

/** An address is the service's to fetch, or the vendor's; anything else is a file here. */
async function sourceOf(audio: string, service: Service): Promise<{ url: string } | { file: string }> {
  if (/^(https?|media):\/\//i.test(audio)) return { url: audio };
  const size = await sizeOfAudio(audio);
  console.error(`uploading ${basename(audio)}, ${(size / 1_000_000).toFixed(1)} MB…`);
  return { file: await uploadAudio(service, audio, size) };
}

/** `… | head` is no mistake. */
function unlessNobodyReads(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
}
