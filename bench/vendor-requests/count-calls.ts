import { pollUntilDone } from './old-poller.js';
import type { PolledVendor } from './old-poller.js';

const SECOND = 1_000;
/** A job ends a little before its time, so that the question that comes right then finds it done: ties go to polling. */
const BEFORE = 2;

/** Three ways to the same results. */
export const WAYS = ['every5s', 'every10s', 'webhooks'] as const;
export type Way = (typeof WAYS)[number];

export type Calls = Record<Way, number>;

/** A service, the vendor's stand-in that it works with, and how fast their common clock runs. */
export interface Stage {
  /** Every interval of both is multiplied by it. */
  factor: number;
  /** The stand-in, with its admin routes at `admin`. */
  vendor: PolledVendor & { admin: string };
  service: { url: string; key: string };
}

interface Recorded {
  requests: { method: string; path: string; jobId?: string }[];
}

/**
 * Jobs that take the vendor `seconds` of its time, as many by each way, all at once. Returns calls to the vendor per job,
 * the submit included, by the vendor's own record: what the pollers did not ask, Signalbox did.
 */
export async function countCalls(stage: Stage, seconds: number, jobs: number): Promise<Calls> {
  const { factor, vendor } = stage;
  await admin(vendor.admin, 'DELETE', '/sandbox/record');
  await admin(vendor.admin, 'DELETE', '/sandbox/faults');
  const lasting = { vendor: 'pyannote', fault: 'processing', ms: (seconds - BEFORE) * SECOND * factor, times: null };
  await admin(vendor.admin, 'POST', '/sandbox/faults', lasting);
  const each = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: jobs }, work));
  const [every5s, every10s] = await Promise.all([
    each(() => pollUntilDone(vendor, 5 * SECOND * factor)),
    each(() => pollUntilDone(vendor, 10 * SECOND * factor)),
    each(() => bySignalbox(stage)),
  ]);
  const { requests } = (await admin(vendor.admin, 'GET', '/sandbox/record')) as Recorded;
  const asked = (ids: readonly string[]) => requests.filter(({ jobId }) => jobId && ids.includes(jobId)).length;
  const polled = { every5s: asked(every5s), every10s: asked(every10s) };
  const webhooks = requests.length - polled.every5s - polled.every10s;
  return { every5s: polled.every5s / jobs, every10s: polled.every10s / jobs, webhooks: webhooks / jobs };
}

/** Submits, and waits for the end as a team does. */
async function bySignalbox({ service, vendor }: Stage): Promise<void> {
  const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/json', prefer: 'wait=60' };
  const body = JSON.stringify({ url: vendor.audio });
  let response = await fetch(new URL('/v1/diarizations', service.url), { method: 'POST', headers, body });
  for (;;) {
    const job = (await response.json()) as { id: string; status: string };
    if (job.status === 'succeeded') return;
    if (!response.ok || ['failed', 'canceled', 'expired'].includes(job.status))
      throw new Error(`a job of Signalbox came to nothing: ${response.status} ${JSON.stringify(job)}`);
    response = await fetch(new URL(`/v1/jobs/${job.id}`, service.url), { headers });
  }
}

async function admin(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(path, url), {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`the stand-in answered ${method} ${path} with ${response.status}`);
  return response.status === 204 ? null : response.json();
}

/** Of the calls that polling costs, the share that is saved. */
export function saved(calls: Calls, over: Exclude<Way, 'webhooks'>): number {
  return 1 - calls.webhooks / calls[over];
}
