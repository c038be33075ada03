import { Injectable } from '@nestjs/common';
import { Database, sqlState } from '../database/database.js';
import { Problem } from '../http/problem.js';
import { AuditLog, actorOf } from '../teams/audit-log.js';
import type { Caller } from '../teams/caller.js';
import { bulkWish } from './replay-filter.js';
import type { BulkWish, ReplayRun } from './replay-filter.js';
import type { ReplayFilter, ReplayPlan } from './replay-plan.js';
import { ReplayPlans } from './replay-plan.js';
import { REPLAY_BATCH, ReplayRows } from './replay-rows.js';
import type { Reopened } from './replay-rows.js';
import type { BulkReplayRequest } from './replay.dto.js';
import type { ReplayPlanView, ReplayRunView } from './replay.view.js';
import { SourceRegistry } from './source-registry.js';

const MAX = 10_000;
const TOOK_TOO_LONG = '57014';

/** The filter about `d`, by five parameters from this one on. */
const fits = (first: number) => `
  d.received_at >= $${first} and ($${first + 1}::timestamptz is null or d.received_at < $${first + 1})
  and d.source = any($${first + 2}) and ($${first + 3}::text[] is null or d.outcome = any($${first + 3}))
  and ($${first + 4}::uuid is null or d.job_id = $${first + 4})`;

const LOOK = `
with matching as (
  select d.received_at, d.outcome from deliveries d where d.outcome is not null and ${fits(1)}
  order by d.received_at, d.id limit ${MAX + 1}
)
select now()::text as at, (select count(*)::int from matching) as count,
       (select min(received_at) from matching) as oldest, (select max(received_at) from matching) as newest,
       coalesce((select jsonb_object_agg(outcome, n) from (select outcome, count(*) as n from matching group by 1) g), '{}')
         as "byOutcome"`;

/**
 * Of the plan is what was closed when it was made, also if a replay has opened it since. What came, or came to an end, after
 * that is not.
 */
const OF_THE_PLAN = `${fits(3)} and d.received_at <= $8 and (d.received_at, d.id) > ($9, $10)
  and (d.closed_at <= $11 or exists (
    select 1 from delivery_replays r where r.received_at = d.received_at and r.delivery_id = d.id
    and r.closed_at <= $11 and r.asked_at > $11))`;

interface Looked {
  at: string;
  count: number;
  oldest: Date | null;
  newest: Date | null;
  byOutcome: Record<string, number>;
}

const BEGINNING = { receivedAt: new Date(0), id: '00000000-0000-0000-0000-000000000000' };

/** Many notices at once: first a plan that changes nothing, then its run. */
@Injectable()
export class BulkReplays {
  constructor(
    private readonly plans: ReplayPlans,
    private readonly sources: SourceRegistry,
    private readonly rows: ReplayRows,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  read(body: BulkReplayRequest): BulkWish {
    return bulkWish(
      body,
      this.sources.all().map(({ name }) => name),
    );
  }

  /** @throws a 422 where there are more than one run may take */
  async plan(caller: Caller, filter: ReplayFilter): Promise<ReplayPlanView> {
    const { at, count, oldest, newest, byOutcome } = await this.look(filter);
    if (count > MAX) {
      const fix = `narrow the time, for example with "before": "${newest?.toISOString()}"`;
      throw new Problem(
        422,
        'too_many_deliveries',
        `over ${MAX} deliveries match, the most that one run takes; ${fix}`,
      );
    }
    const plan: ReplayPlan = { filter, at, newest: newest?.toISOString() ?? null, count };
    const times = { oldest: oldest?.toISOString() ?? null, newest: plan.newest };
    return { plan: this.plans.seal(plan, caller.keyId), count, ...times, byOutcome };
  }

  /** In batches, oldest first: a run that is broken off has replayed a beginning, and the same plan goes on from there. */
  async run(caller: Caller, { plan: token, reason }: ReplayRun): Promise<ReplayRunView> {
    const plan = this.plans.open(token, caller.keyId);
    let replayed = 0;
    for (let last: Pick<Reopened, 'receivedAt' | 'id'> | undefined = BEGINNING; last;) {
      const batch = await this.runBatch(caller, plan, last, reason);
      replayed += batch.length;
      last = batch[REPLAY_BATCH - 1];
    }
    return { replayed, skipped: Math.max(0, plan.count - replayed) };
  }

  /** The audit entry commits with the first batch: no replay without it. */
  private runBatch(
    caller: Caller,
    { filter, at, newest, count }: ReplayPlan,
    last: Pick<Reopened, 'receivedAt' | 'id'>,
    reason?: string,
  ): Promise<Reopened[]> {
    const asker = { actor: actorOf(caller), reason };
    return this.database.unitOfWork(async (tx) => {
      if (last === BEGINNING) {
        const after = { filter, plannedAt: at, count };
        await this.audit.write(tx, { ...asker, action: 'delivery.replay_bulk', subject: 'deliveries', after });
      }
      const values = [...this.valuesOf(filter), newest ?? filter.after, last.receivedAt, last.id, at];
      return this.rows.reopen(tx, asker, { sql: OF_THE_PLAN, values });
    }, 2);
  }

  private async look(filter: ReplayFilter): Promise<Looked> {
    try {
      const [looked] = await this.database.query<Looked>(LOOK, this.valuesOf(filter));
      if (!looked) throw new Error('a select without a table gave no row');
      return looked;
    } catch (error) {
      if (sqlState(error) !== TOOK_TOO_LONG) throw error;
      throw new Problem(422, 'too_many_deliveries', 'looking through that many took too long; narrow after and before');
    }
  }

  private valuesOf({ after, before, source, outcome, job }: ReplayFilter): unknown[] {
    const sources = source === undefined ? this.sources.all().map(({ name }) => name) : [source];
    return [after, before ?? null, sources, outcome ?? null, job ?? null];
  }
}
