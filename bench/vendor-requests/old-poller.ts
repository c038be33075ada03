import { setTimeout as sleep } from 'node:timers/promises';

/** The vendor, as somebody without a webhook talks to it. */
export interface PolledVendor {
  baseUrl: string;
  apiKey: string;
  /** The recording. */
  audio: string;
}

/**
 * One job the way it was done before: submit, then one question per interval until it is done. The questions come at whole
 * intervals after the answer to the submit, however long an answer takes. Returns the vendor's id of the job.
 */
export async function pollUntilDone(vendor: PolledVendor, intervalMs: number): Promise<string> {
  const { jobId } = await ask<{ jobId: string }>(vendor, '/v1/diarize', { url: vendor.audio });
  const start = performance.now();
  for (let n = 1; ; n++) {
    await sleep(Math.max(0, start + n * intervalMs - performance.now()));
    const { status } = await ask<{ status: string }>(vendor, `/v1/jobs/${jobId}`);
    if (status === 'succeeded') return jobId;
    if (status === 'failed' || status === 'canceled') throw new Error(`the vendor's job ${jobId} is ${status}`);
  }
}

async function ask<T>({ baseUrl, apiKey }: PolledVendor, path: string, body?: object): Promise<T> {
  const response = await fetch(`${baseUrl}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`the vendor answered ${path} with ${response.status}`);
  return (await response.json()) as T;
}
