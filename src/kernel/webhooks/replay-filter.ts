import { DAY } from '../config/pace.js';
import { invalidRequest } from '../http/problem.js';
import type { FieldError } from '../http/problem.js';
import type { ReplayFilter } from './replay-plan.js';
import type { BulkReplayRequest } from './replay.dto.js';

/** As long as the ledger remembers; whole UTC days, so that what was 90 days ago when it was typed still is when it comes. */
const MAX_DAYS = 90;
const FILTER_FIELDS = ['outcome', 'source', 'job', 'after', 'before'] as const;

export interface ReplayRun {
  plan: string;
  reason?: string;
}

/** What is asked for: a plan, by a filter, or the run of one. */
export type BulkWish = { filter: ReplayFilter } | ReplayRun;

/** @throws a 400 naming every field that is wrong, or too much */
export function bulkWish(wish: BulkReplayRequest, sources: readonly string[], now = Date.now()): BulkWish {
  const { plan, reason, outcome, source, job, after, before } = wish;
  const faults = plan ? besidePlan(wish) : faultsOf(wish, sources, now);
  if (faults.length > 0) throw invalidRequest(faults);
  if (plan) return { plan, reason: reason ?? undefined };
  const times = { after: after?.toISOString() ?? '', before: before?.toISOString() };
  return { filter: { outcome: outcome ?? undefined, source: source ?? undefined, job: job ?? undefined, ...times } };
}

function besidePlan(wish: BulkReplayRequest): FieldError[] {
  return FILTER_FIELDS.filter((field) => wish[field] !== undefined).map((field) => ({
    field,
    detail: 'stands in the plan already; send `plan` without it',
  }));
}

function faultsOf(wish: BulkReplayRequest, sources: readonly string[], now: number): FieldError[] {
  const { outcome, source, job, after, before } = wish;
  const faults: FieldError[] = [];
  const fault = (field: string, detail: string) => faults.push({ field, detail });
  if (wish.plan === '') fault('plan', 'is empty; leave it out to make a plan');
  if (wish.reason) fault('reason', 'comes with the run, beside `plan`');
  if (!outcome && !source && !job) fault('outcome', 'give this, or source, or job');
  if (source && !sources.includes(source)) fault('source', `must be one of ${sources.join(', ')}`);
  if (!after) fault('after', 'is needed: from when on the notices came');
  else if (after.getTime() < Math.floor(now / DAY - MAX_DAYS) * DAY)
    fault('after', `must be ${MAX_DAYS} days ago at most`);
  if (after && before && before <= after) fault('before', 'must be later than after');
  return faults;
}
