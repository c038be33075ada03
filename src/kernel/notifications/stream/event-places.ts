import { Injectable } from '@nestjs/common';
import { SECOND } from '../../config/pace.js';
import { Database } from '../../database/database.js';
import { beginningOf } from './event-cursor.js';
import type { EventCursor } from './event-cursor.js';

/** Why a place says nothing any more: the numbers began anew, or what came after it is no longer kept. */
export type ResetReason = 'epoch' | 'trimmed';

export interface Fate {
  /** The present one. */
  epoch: number;
  reset: ResetReason | null;
}

const FATE = `
select b.epoch, case
  when $1::int <> b.epoch or $2::bigint >= b.tx then 'epoch'
  when $2 > 0 and not exists (
    select 1 from events where epoch = $1 and (tx, seq) <= ($2::bigint, $3::bigint)) then 'trimmed' end as reset
from (select (select max(epoch) from event_epochs) as epoch,
             pg_snapshot_xmin(pg_current_snapshot())::text::bigint as tx) as b`;

const SEEN = `
select 1 from events
where job_id = $1 and type = any($2) and (epoch, tx, seq) <= ($3::int, $4::bigint, $5::bigint) limit 1`;

/** The order of times is nearly that of numbers: no transaction lasts longer than a few seconds. */
const DISORDER = 30 * SECOND;
/** Events that are rather read than halved once more. */
const CLOSE_ENOUGH = 500n;

/** Questions about places in the order of events. */
@Injectable()
export class EventPlaces {
  constructor(private readonly database: Database) {}

  /** What has become of a place that somebody was given. */
  async fateOf({ epoch, tx, seq }: EventCursor): Promise<Fate> {
    const [fate] = await this.database.query<Fate>(FATE, [epoch, String(tx), String(seq)]);
    if (!fate) throw new Error('there is no epoch of events');
    return fate;
  }

  /** Whether an event of these types is at or before a place. */
  async isPast(jobId: string, types: readonly string[], { epoch, tx, seq }: EventCursor): Promise<boolean> {
    return (await this.database.query(SEEN, [jobId, types, epoch, String(tx), String(seq)])).length > 0;
  }

  /** A place before everything that happened at this time or later, and not long before. Times have no index: it halves. */
  async before(time: Date): Promise<EventCursor> {
    const early = time.getTime() - DISORDER;
    const [ends] = await this.database.query<{ first: string | null; last: string }>(
      'select min(seq) as first, max(seq) as last from events',
    );
    if (ends?.first == null) return beginningOf(0);
    let [low, high] = [BigInt(ends.first), BigInt(ends.last)];
    let place = beginningOf(0);
    while (high - low > CLOSE_ENOUGH) {
      const middle = (low + high) / 2n;
      const row = await this.from(middle);
      if (row && row.at.getTime() < early) {
        place = { epoch: row.epoch, tx: BigInt(row.tx), seq: BigInt(row.seq) };
        low = place.seq;
      } else high = middle;
    }
    return place;
  }

  private async from(seq: bigint) {
    const [row] = await this.database.query<{ epoch: number; tx: string; seq: string; at: Date }>(
      'select epoch, tx, seq, at from events where seq >= $1 order by seq limit 1',
      [String(seq)],
    );
    return row;
  }
}
