import { isDeepStrictEqual } from 'node:util';
import type { KeptChange } from './change.js';
import type { Job } from './job.entity.js';
import { isSettled } from './job-status.js';
import type { KindSpec } from './provider.js';
import type { RowUpdate } from './row-update.js';
import type { Entry } from './timeline.js';

/** The phase of a job whose vendor was asked to cancel it: the last one there is. */
export const CANCELING = 'canceling';

const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/;

/** Of two times under one name the earlier stays; anything else is overwritten. */
export function mergeFacts(
  known: Record<string, unknown>,
  news: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = { ...known };
  for (const [name, value] of Object.entries(news)) {
    const old = merged[name];
    const bothTimes = typeof old === 'string' && typeof value === 'string' && TIME.test(old) && TIME.test(value);
    if (!bothTimes || Date.parse(value) < Date.parse(old)) merged[name] = value;
  }
  return merged;
}

/** Whether the phase comes after the one that the job has, by the kind's own order. */
export function isLaterPhase(spec: KindSpec, now: string | null, next: string): boolean {
  if (now === CANCELING) return false;
  const rank = (name: string | null) => spec.phases.find((phase) => phase.name === name)?.rank ?? -1;
  return rank(next) > rank(now);
}

/** Puts phase, progress and facts of a change into the job's update, and what people should see into the timeline. */
export function mergeChange(job: Job, change: KeptChange, spec: KindSpec, update: RowUpdate, entries: Entry[]): void {
  const open = !isSettled(job.status);
  if (change.note) entries.push({ type: 'job.note', what: { ...change.note } });
  if (open && change.phase !== undefined && isLaterPhase(spec, job.phase, change.phase)) {
    update.value('phase', change.phase);
    entries.push({ type: `${job.kind}.${change.phase}`, what: { phase: change.phase } });
  }
  const progress = Math.min(1, Math.max(0, change.progress ?? NaN));
  if (open && progress > (job.progress ?? -1)) update.value('progress', progress);
  const facts = mergeFacts(job.facts, change.facts ?? {});
  if (!isDeepStrictEqual(facts, job.facts)) update.json('facts', facts);
}
