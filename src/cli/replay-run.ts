import { Mistake } from './mistake.js';
import type { ReplayOptions } from './replay-options.js';
import { serviceOf } from './service-address.js';
import { ServiceClient } from './service-client.js';

interface Plan {
  plan: string;
  count: number;
  oldest: string | null;
  newest: string | null;
  byOutcome: Record<string, number>;
}

/** Those that can be; what the others lack is said one by one. @throws {Mistake} when there was one that could not be */
export async function replayNamed(ids: readonly string[], options: ReplayOptions): Promise<void> {
  const client = clientOf(options);
  let failed = 0;
  for (const id of ids) {
    try {
      const path = `/v1/deliveries/${encodeURIComponent(id)}/replay`;
      const { outcome } = await client.post<{ outcome: string }>(path, { reason: options.reason });
      console.log(`${id}  ${outcome}`);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      if (ids.length === 1) throw error;
      failed += 1;
      console.error(`${id}: ${error.message}`);
    }
  }
  if (failed > 0) throw new Mistake(`${failed} of ${ids.length} were not replayed`);
}

/** Prints the plan, which alone changes nothing; runs it where that was asked for. */
export async function replayFitting(filter: object, { yes, reason, ...options }: ReplayOptions): Promise<void> {
  const client = clientOf(options);
  const path = '/v1/deliveries/replay';
  const { plan, count, oldest, newest, byOutcome } = await client.post<Plan>(path, filter);
  const outcomes = Object.entries(byOutcome).map(([outcome, n]) => `${n} ${outcome}`);
  const found = count === 0 ? 'no delivery fits' : `${count} fit: ${outcomes.join(', ')}; from ${oldest} to ${newest}`;
  if (!yes) {
    console.log(found);
    if (count > 0) console.error('nothing is replayed yet; --yes does it');
    return;
  }
  console.error(found);
  if (count === 0) return;
  const run = await client.post<{ replayed: number; skipped: number }>(path, { plan, reason });
  console.log(`${run.replayed} replayed, ${run.skipped} skipped`);
}

function clientOf(options: ReplayOptions): ServiceClient {
  return new ServiceClient(serviceOf(options, new AbortController().signal));
}
