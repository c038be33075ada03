import { Injectable } from '@nestjs/common';
import { DAY, HOUR, Pace } from '../../config/pace.js';
import { Database } from '../../database/database.js';
import { KernelMetrics } from '../../observability/kernel-metrics.js';
import type { Sweeper } from '../../queue/sweep.js';

/** What comes for a disabled endpoint waits so long for it to be enabled. */
const PATIENCE = 5 * DAY;
const BATCH = 5_000;

/** The endpoints are held as they are meanwhile, so that what is just being enabled loses nothing. */
const drop = (which: string, reason: string) => `
with late as (
  select n.id, e.destination from endpoints e join notifications n on n.endpoint_id = e.id and n.due_at is not null
  where ${which} limit ${BATCH} for share of e),
dropped as (
  update notifications n set state = 'dropped', due_at = null, settled_at = now(), last_error = '${reason}'
  from late where n.id = late.id and n.state = 'waiting' returning late.destination)
select destination, count(*)::int as count from dropped group by destination`;

/** Deleted ones: what was on its way to be written when that happened. */
const DROPS = [
  drop('e.deleted_at is not null and $1::float8 is not null', 'its endpoint was deleted'),
  drop(
    `e.deleted_at is null and e.disabled_at is not null
     and greatest(e.disabled_at, n.created_at) < now() - $1 * interval '1 millisecond'`,
    'its endpoint stayed disabled for five days',
  ),
];

/** Ends the waiting of what nobody will take any more. */
@Injectable()
export class EndpointsSweeper implements Sweeper {
  readonly name = 'endpoints';
  readonly every = HOUR;

  constructor(
    private readonly database: Database,
    private readonly metrics: KernelMetrics,
    private readonly pace: Pace,
  ) {}

  /** Returns how many were dropped. */
  async sweep(): Promise<number> {
    let dropped = 0;
    for (const sql of DROPS) {
      let last = BATCH;
      while (last === BATCH) {
        last = await this.drop(sql);
        dropped += last;
      }
    }
    return dropped;
  }

  private async drop(sql: string): Promise<number> {
    const rows = await this.database.query<{ destination: string; count: number }>(sql, [this.pace.ms(PATIENCE)]);
    for (const { destination, count } of rows)
      this.metrics.notificationsSettled.inc({ destination, state: 'dropped' }, count);
    return rows.reduce((sum, { count }) => sum + count, 0);
  }
}
