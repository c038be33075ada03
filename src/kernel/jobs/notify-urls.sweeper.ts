import { Injectable } from '@nestjs/common';
import { DAY, HOUR, Pace } from '../config/pace.js';
import { Database } from '../database/database.js';
import type { Sweeper } from '../queue/sweep.js';

/** An address that no job named for so long is forgotten; the next job that names it makes it anew. */
const IDLE = 30 * DAY;
const BATCH = 500;

/** Held first and judged then: a job that is just being made has hold of its endpoint, and that one is passed by. */
const HOLD = `
select id from endpoints e
where unlisted and deleted_at is null and created_at < now() - $1 * interval '1 millisecond'
  and not exists (select 1 from notifications where endpoint_id = e.id and due_at is not null)
  and not exists (select 1 from notifications
                  where endpoint_id = e.id and created_at >= now() - $1 * interval '1 millisecond')
  and not exists (select 1 from jobs where notify_endpoint = e.id and settled_at is null)
limit ${BATCH} for update skip locked`;

const FORGET = `
update endpoints e set deleted_at = now(), updated_at = now()
where id = any($1) and deleted_at is null
  and not exists (select 1 from jobs where notify_endpoint = e.id and settled_at is null)`;

/** Forgets the endpoints of `notifyUrl`s that no job names any more. */
@Injectable()
export class NotifyUrlsSweeper implements Sweeper {
  readonly name = 'notify-urls';
  readonly every = HOUR;

  constructor(
    private readonly database: Database,
    private readonly pace: Pace,
  ) {}

  /** Returns how many were forgotten. */
  sweep(): Promise<number> {
    return this.database.unitOfWork(async (tx) => {
      const held = await tx.query<{ id: string }>(HOLD, [this.pace.ms(IDLE)]);
      if (held.length === 0) return 0;
      return tx.execute(FORGET, [held.map(({ id }) => id)]);
    });
  }
}
