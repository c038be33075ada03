import type { Change } from '../../kernel/jobs/change.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { usable } from './fal.answers.js';
import { SUCCEEDED_ONCE, endedBadly } from './fal.changes.js';
import type { Told } from './fal.notice.js';
import type { FalRequests } from './fal.requests.js';

type Requests = Pick<FalRequests, 'canAsk' | 'standing' | 'output'>;

/** Seconds until the vendor is asked again about what a relay says has ended. */
const SOON = 30;

/** Whether it names this job's request, as far as it names one: else the vendor is asked, and nobody is believed. */
export function isAbout({ requestId }: Told, { externalId }: ProviderJob): boolean {
  return requestId === null || externalId === null || requestId === externalId;
}

/** The vendor's own word that a request has ended; what it leaves out is fetched. @throws when that is not possible now */
export async function toldBy(requests: Requests, told: Told, job: ProviderJob): Promise<Change> {
  const change = word(told);
  return change.to === 'succeeded' && !change.result ? requests.output(job) : change;
}

/**
 * A relay's word that a request has ended, which is a hint: the truth is asked of the vendor. Where that is not possible it
 * is the truth, and the timeline says so. @throws when the vendor cannot be asked now
 */
export async function toldByRelay(requests: Requests, told: Told, job: ProviderJob): Promise<Change | null> {
  if (!requests.canAsk(job)) return alone(told, 'fal cannot be asked');
  const truth = await requests.standing(job);
  if (!truth) return null;
  // It may be a request of the relay's own account; of ours, the vendor would know.
  if (truth.to === undefined && job.askedAt === null) return alone(told, 'fal knows no request with this id');
  if (truth.to === 'succeeded' && !truth.result) return withRelayed(truth, told);
  if (truth.to !== 'running') return truth;
  const text = `a relay says ${endOf(told)}, fal says that it is still open`;
  return { checkAfter: SOON, ...truth, note: truth.note ?? { text } };
}

/** The result that the relay has and the vendor has lost. */
function withRelayed(truth: Change, told: Told): Change {
  const { result } = word(told);
  if (!result) return truth;
  return { ...truth, result, note: { text: 'fal has no result (any more); it is as the relay gave it' } };
}

function alone(told: Told, why: string): Change {
  return { ...word(told), note: { text: `by a relay’s word alone: ${why}` } };
}

/** Never an empty success: without its result it is still to be had, or lost. */
function word({ standing, payload, payloadMissing, error, detail }: Told): Change {
  const end = 'ended' in standing ? standing.ended : 'failed';
  if (end !== 'succeeded') return endedBadly(end, { error, detail });
  return !payloadMissing && usable(payload) ? { to: 'succeeded', result: payload } : { ...SUCCEEDED_ONCE };
}

const endOf = ({ standing }: Told): string => ('ended' in standing ? standing.ended : standing.open);
