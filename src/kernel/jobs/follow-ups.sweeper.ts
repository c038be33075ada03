import { Injectable } from '@nestjs/common';
import { MINUTE, Pace } from '../config/pace.js';
import { Database } from '../database/database.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Doorbell } from '../queue/doorbell.js';
import type { Sweeper } from '../queue/sweep.js';
import { FOLLOW_UP_LIFE } from './follow-up.processor.js';
import { followUpQueue, followUpRow, handlerQueue } from './follow-ups.js';
import { JobEventHandlers } from './handlers/job-event-handlers.js';
import { ProviderRegistry } from './provider-registry.js';

const MAX_ROWS = 500;
/** Longer than another process, whose version still has the handler, needs to take its row in hand. */
const MISSED = MINUTE;
const NO_HANDLER = 'this version has no handler of this name (any more)';

/** Said once, so that the job shows why it waits; given up, visibly, like everything else that fails for a day. */
const ORPHANS = `
with stale as (
  update follow_ups set last_error = $4,
         due_at = case when created_at > now() - $3 * interval '1 millisecond' then due_at end,
         gave_up_at = case when created_at <= now() - $3 * interval '1 millisecond' then now() end
  where due_at <= now() - $2 * interval '1 millisecond' and handler <> '' and not handler = any($1)
    and (last_error is distinct from $4 or created_at <= now() - $3 * interval '1 millisecond')
  returning job_id)
update jobs set version = version + 1, updated_at = now() where id in (select job_id from stale)`;

/** Rings for what has to follow and was not done. */
@Injectable()
export class FollowUpsSweeper implements Sweeper {
  readonly name = 'follow-ups';

  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly registry: ProviderRegistry,
    private readonly handlers: JobEventHandlers,
    private readonly metrics: KernelMetrics,
    private readonly pace: Pace,
  ) {}

  async sweep(): Promise<number> {
    const known = this.handlers.all().map(({ name }) => name);
    const due = await this.database.query<{ jobId: string; event: string; queue: string; age: number }>(
      `select job_id as "jobId", event, case when handler = '' then '${followUpQueue('')}' || provider
              else '${handlerQueue('')}' || handler end as queue, extract(epoch from now() - due_at)::float8 as age
       from follow_ups where due_at <= now() and (handler = '' or handler = any($2)) order by due_at limit $1`,
      [MAX_ROWS, known],
    );
    const queues = [...this.registry.all().map(({ name }) => followUpQueue(name)), ...known.map(handlerQueue)];
    for (const queue of queues) {
      const mine = due.filter((row) => row.queue === queue);
      this.metrics.queueDue.set({ queue }, mine.length);
      this.metrics.queueOldest.set({ queue }, mine[0]?.age ?? 0);
    }
    for (const row of due) this.doorbell.ring(row.queue, followUpRow(row.jobId, row.event));
    await this.database.execute(ORPHANS, [known, this.pace.ms(MISSED), this.pace.ms(FOLLOW_UP_LIFE), NO_HANDLER]);
    return due.length;
  }
}
