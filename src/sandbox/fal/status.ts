import { numberOf, stringOf } from '../faults/fault-store.js';
import { requestUrls } from './addresses.js';
import type { Fate } from './fates.js';
import type { Job, LogLine } from './job.js';

export interface Shown {
  /** How many come first. */
  position: number;
  /** null: not asked for. */
  logs: readonly LogLine[] | null;
}

/** The object of a status, polled or streamed. There is no word for failure: it is a completion with an error. */
export function statusView(job: Job, fate: Fate, { position, logs }: Shown) {
  const word = stageOf(job, fate);
  return {
    status: fate['unknown-status'] === undefined || word === 'COMPLETED' ? word : wordOf(fate),
    request_id: job.requestId,
    ...requestUrls(job),
    ...(word === 'IN_QUEUE' ? { queue_position: position } : {}),
    logs,
    ...(word === 'COMPLETED' ? completion(job) : {}),
  };
}

export function stageOf({ stage, completedAt }: Job, { 'status-lag': lag }: Fate): Job['stage'] {
  if (lag === undefined || completedAt === null) return stage;
  return Date.now() < Date.parse(completedAt) + numberOf(lag, 'ms', 1_000) ? 'IN_PROGRESS' : stage;
}

function completion({ outcome, startedAt, completedAt }: Job) {
  if (outcome === null) return {};
  const seconds = (Date.parse(completedAt ?? '') - Date.parse(startedAt ?? completedAt ?? '')) / 1000;
  const metrics = { inference_time: seconds };
  if ('output' in outcome) return { metrics };
  const type = outcome.errorType === undefined ? {} : { error_type: outcome.errorType };
  return { metrics, error: outcome.error, ...type };
}

function wordOf({ 'unknown-status': fault }: Fate): string {
  return fault === undefined ? '' : stringOf(fault, 'status', 'PREEMPTED');
}
