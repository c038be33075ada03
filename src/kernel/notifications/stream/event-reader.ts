import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { beginningOf } from './event-cursor.js';
import type { EventCursor } from './event-cursor.js';
import { StreamEvent } from './stream-event.js';
import type { StreamScope } from './stream-filter.js';

interface Row {
  epoch: number;
  tx: string | null;
  seq: string;
  jobId: string | null;
  teamId: string | null;
  type: string;
  at: Date;
  isAnnounced: boolean;
  data: string;
  /** Of the whole reading, on each of its rows. */
  nowEpoch: number;
  nowTx: string;
  nowSeq: string;
  age: number | null;
  heldAge: number | null;
}

/** What one statement saw. */
export interface Reading {
  events: StreamEvent[];
  /** The last event of all that this statement could have read: real ones only, whose numbers survive a crash of Postgres. */
  now: EventCursor;
  /** Seconds since the newest of these events; null for none. */
  age: number | null;
  /** Seconds since the oldest event that an open transaction still holds back; null for none. */
  heldAge: number | null;
}

/**
 * Numbers are given before commit: whoever is at 10 could miss a 9 that commits later. So nothing is read at or beyond
 * the oldest transaction that is still open, and of an epoch that is over everything is.
 */
const BOUND = `
bound as materialized (
  select (select max(epoch) from event_epochs) as epoch, pg_snapshot_xmin(pg_current_snapshot())::text::bigint as tx)`;
const READABLE = '(epoch, tx) < ((select epoch from bound), (select tx from bound))';

/** The last readable event of the present epoch, or its beginning. */
const NOW = `
now as (
  select b.epoch, coalesce(last.tx, 0) as tx, coalesce(last.seq, 0) as seq
  from bound b left join lateral (
    select tx, seq from events
    where epoch = (select epoch from bound) and tx < (select tx from bound)
    order by tx desc, seq desc limit 1) as last on true)`;

/** Contents are unpacked last: a plan that sorts would unpack all of them. */
const page = (where: string) => `
with ${BOUND}, ${NOW},
held as (
  select at from events where epoch = (select epoch from bound) and tx >= (select tx from bound) order by tx, seq limit 1),
page as (
  select epoch, tx, seq, job_id, team_id, type, at, data, what from events
  where ${where} and (epoch, tx, seq) > ($1::int, $2::bigint, $3::bigint) and ${READABLE}
  order by epoch, tx, seq limit $4)
select page.epoch, page.tx, page.seq, job_id as "jobId", team_id as "teamId", type, at,
       data is not null as "isAnnounced", coalesce(data, jsonb_build_object('jobId', job_id) || what)::text as data,
       now.epoch as "nowEpoch", now.tx as "nowTx", now.seq as "nowSeq",
       extract(epoch from clock_timestamp() - page.at)::float as age,
       (select extract(epoch from clock_timestamp() - at)::float from held) as "heldAge"
from now left join page on true
order by page.epoch, page.tx, page.seq`;

const ANY = page('true');
const ANNOUNCED = page('data is not null');
const OF_TEAM = page('team_id = $5 and data is not null');
const OF_JOB = page('job_id = $5');

/** Events in their order, from one place on; nothing that is not readable by everybody for good. */
@Injectable()
export class EventReader {
  constructor(private readonly database: Database) {}

  /** All events, whosever they are. */
  all(after: EventCursor, limit: number): Promise<Reading> {
    return this.read(ANY, [...placed(after), limit]);
  }

  /** Those that a stream may show. */
  of(scope: StreamScope, after: EventCursor, limit: number): Promise<Reading> {
    const page = [...placed(after), limit];
    if ('jobId' in scope) return this.read(OF_JOB, [...page, scope.jobId]);
    return 'teamId' in scope ? this.read(OF_TEAM, [...page, scope.teamId]) : this.read(ANNOUNCED, page);
  }

  /** Where the stream stands. */
  async now(): Promise<EventCursor> {
    return (await this.all(beginningOf(0), 0)).now;
  }

  private async read(sql: string, parameters: readonly unknown[]): Promise<Reading> {
    const rows = await this.database.query<Row>(sql, parameters);
    const [first] = rows;
    if (!first) throw new Error('there is no epoch of events');
    return {
      events: rows.flatMap((row) => (row.tx === null ? [] : [eventOf(row)])),
      now: { epoch: first.nowEpoch, tx: BigInt(first.nowTx), seq: BigInt(first.nowSeq) },
      age: rows.at(-1)?.age ?? null,
      heldAge: first.heldAge,
    };
  }
}

const placed = ({ epoch, tx, seq }: EventCursor) => [epoch, String(tx), String(seq)];

function eventOf({ epoch, tx, seq, ...parts }: Row): StreamEvent {
  const { jobId, teamId, type, at, isAnnounced, data } = parts;
  const cursor = { epoch, tx: BigInt(tx ?? 0), seq: BigInt(seq) };
  return new StreamEvent({ cursor, jobId, teamId, type, at, isAnnounced, data });
}
