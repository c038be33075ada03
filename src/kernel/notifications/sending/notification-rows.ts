import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/database.js';
import type { SealedSecret } from '../endpoints/endpoint.entity.js';

/** A notification in hand, with where it goes and what it tells. */
export interface TakenNotification {
  id: string;
  endpointId: string;
  teamId: string;
  type: string;
  jobId: string | null;
  /** The number of this try. */
  attempt: number;
  /** Tries of this round, this one among them. */
  tries: number;
  destination: string;
  url: string;
  unlisted: boolean;
  secrets: SealedSecret[];
  /** `at` in ISO 8601; null when the event is no longer kept. */
  event: { at: string; data: Record<string, unknown> } | null;
}

/** What a try leaves behind. */
export interface TriedNotification {
  status: number | null;
  error: string | null;
  answer: string | null;
  latencyMs: number;
}

const MAY_BE_TOLD = `e.deleted_at is null and e.disabled_at is null and coalesce(e.held_until, '-infinity') <= now()`;

/** `$2` is the lease in milliseconds; `which` says whose turn it is. */
const take = (which: string) => `
update notifications n set due_at = now() + $2 * interval '1 millisecond', attempt = attempt + 1
from endpoints e
where n.id = ${which} and n.state = 'waiting' and n.due_at <= now() and e.id = n.endpoint_id and ${MAY_BE_TOLD}
returning n.id, n.endpoint_id as "endpointId", n.team_id as "teamId", n.type, n.job_id as "jobId", n.attempt,
          n.attempt - n.round_start as tries, e.destination, e.url, e.unlisted, e.secrets,
          (select jsonb_build_object('at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', data)
           from events where seq = n.event_seq) as event`;

const TAKE = take('$1');
const TAKE_NEXT = take(`(
  select id from notifications where endpoint_id = $1 and due_at <= now() and state = 'waiting'
  order by due_at limit 1 for update skip locked)`);

/** A few of each endpoint, so that one with a thousand waiting leaves room for the others' first. */
const DUE = `
select next.id, extract(epoch from now() - next.due_at)::float8 as age
from endpoints e cross join lateral (
  select n.id, n.due_at from notifications n
  where n.endpoint_id = e.id and n.due_at <= now() and n.state = 'waiting' order by n.due_at limit $1) next
where ${MAY_BE_TOLD} order by next.due_at limit $2`;

/** The rows of notifications as the sender moves them: each move is one UPDATE that names what it accepts. */
@Injectable()
export class NotificationRows {
  constructor(private readonly database: Database) {}

  /** Whose it is, and how that endpoint is doing; null when it is not due (any more). */
  async addressee(id: string): Promise<{ endpointId: string; failures: number } | null> {
    const [row] = await this.database.query<{ endpointId: string; failures: number }>(
      `select e.id as "endpointId", e.failures from notifications n join endpoints e on e.id = n.endpoint_id
       where n.id = $1 and n.state = 'waiting' and n.due_at <= now()`,
      [id],
    );
    return row ?? null;
  }

  take(id: string, leaseMs: number): Promise<TakenNotification | null> {
    return this.taken(TAKE, id, leaseMs);
  }

  /** The one of the endpoint that has waited longest. */
  takeNext(endpointId: string, leaseMs: number): Promise<TakenNotification | null> {
    return this.taken(TAKE_NEXT, endpointId, leaseMs);
  }

  /** Whose turn it would be, without taking it. */
  async nextDue(endpointId: string): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(
      `select id from notifications where endpoint_id = $1 and due_at <= now() and state = 'waiting' order by due_at limit 1`,
      [endpointId],
    );
    return row?.id ?? null;
  }

  due(ofEach: number, most: number): Promise<{ id: string; age: number }[]> {
    return this.database.query(DUE, [ofEach, most]);
  }

  /** The try itself; kept also where another worker has taken the notification over meanwhile. */
  async record(tx: Transaction, { id, attempt }: TakenNotification, tried: TriedNotification, nextIn: number | null) {
    await tx.execute(
      `insert into notification_attempts (notification_id, number, status, latency_ms, error, answer, next_at)
       values ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 millisecond') on conflict do nothing`,
      [id, attempt, tried.status, Math.round(tried.latencyMs), tried.error, tried.answer, nextIn],
    );
  }

  /** It was taken, whoever has it in hand now, and also where its endpoint was deleted meanwhile. */
  async delivered(tx: Transaction, { id }: TakenNotification, { status }: TriedNotification): Promise<boolean> {
    const made = await tx.execute(
      `update notifications set state = 'delivered', due_at = null, settled_at = now(), last_status = $2, last_error = null
       where id = $1 and state in ('waiting', 'dropped')`,
      [id, status],
    );
    return made === 1;
  }

  /** Waits for its next try, or has failed where there is none. */
  async missed(
    tx: Transaction,
    { id, attempt }: TakenNotification,
    { status, error }: TriedNotification,
    nextIn: number | null,
  ): Promise<boolean> {
    const made = await tx.execute(
      `update notifications set last_status = $3, last_error = $4, due_at = now() + $5 * interval '1 millisecond',
              state = case when $5::float8 is null then 'failed' else state end,
              settled_at = case when $5::float8 is null then now() end
       where id = $1 and attempt = $2 and state = 'waiting'`,
      [id, attempt, status, error, nextIn],
    );
    return made === 1;
  }

  /** There is nothing left to tell. */
  async dropped(id: string, reason: string): Promise<void> {
    await this.database.execute(
      `update notifications set state = 'dropped', due_at = null, settled_at = now(), last_error = $2
       where id = $1 and state = 'waiting'`,
      [id, reason],
    );
  }

  private async taken(sql: string, which: string, leaseMs: number): Promise<TakenNotification | null> {
    const [row] = await this.database.query<TakenNotification>(sql, [which, leaseMs]);
    return row ?? null;
  }
}
