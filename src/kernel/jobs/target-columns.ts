import type { Pace } from '../config/pace.js';
import type { Job } from './job.entity.js';
import { isSettled } from './job-status.js';
import type { JobStatus } from './job-status.js';
import type { KindSpec } from './provider.js';
import type { RowUpdate } from './row-update.js';

/** What every move to a state sets beside the state: when it is due again, and since when it is what it is. */
export function setForTarget(
  update: RowUpdate,
  job: Job,
  to: JobStatus,
  spec: KindSpec,
  { pace, dueIn }: { pace: Pace; dueIn: number },
): void {
  if (to === 'queued') {
    // It begins anew: a deadline from an unclear try would cut the next one short.
    update.at('submit_at', dueIn).value('asked_at', null).at('check_at', null).at('deadline_at', null);
    return;
  }
  if (to === 'submitting') return;
  update.value('submit_at', null);
  if (isSettled(to)) {
    update.value('check_at', null).raw('settled_at = coalesce(settled_at, now())');
    return;
  }
  if (to === 'running') update.raw('started_at = coalesce(started_at, now())');
  if (!job.deadlineAt) update.at('deadline_at', pace.ms(spec.deadline));
  const rhythm = job.webhook ? spec.checks.withWebhook : spec.checks.withoutWebhook;
  // Without an id of the vendor's there is nothing to ask about: the notice, a person or the deadline ends it.
  update.value('checks', 0).at('check_at', job.externalId === null ? null : pace.ms(rhythm.first));
}
