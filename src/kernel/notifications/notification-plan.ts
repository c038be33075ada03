import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import { Doorbell } from '../queue/doorbell.js';
import { isMeant } from './event-pattern.js';
import type { NewEvent, Subject } from './new-event.js';

export const SEND_QUEUE = 'notification-send';

interface Candidate {
  id: string;
  types: string[];
}

/** Disabled ones too: what comes meanwhile waits for them. The filters that SQL can hold; patterns are held below. */
const CANDIDATES = `
select id, types from endpoints
where team_id = $1 and deleted_at is null and (not unlisted or id = $2)
  and (kinds = '{}' or $3 = any(kinds)) and $4::jsonb @> labels`;

const ONLY = `
select id, '{*}'::text[] as types from endpoints where team_id = $1 and id = $2 and deleted_at is null`;

const ALL_BUT = `
select id, '{*}'::text[] as types from endpoints
where team_id = $1 and id <> $2 and deleted_at is null and not unlisted`;

const INSERT = `
insert into notifications (id, endpoint_id, team_id, event_seq, type, job_id, due_at)
select id, endpoint_id, $3, $4, $5, $6, now() from unnest($1::uuid[], $2::uuid[]) as new(id, endpoint_id)`;

/** Who is told of an event: one notification for each endpoint that it is meant for, in the transaction of the event. */
@Injectable()
export class NotificationPlan {
  constructor(private readonly doorbell: Doorbell) {}

  async forEvent(tx: Transaction, about: Subject, event: NewEvent & { seq: string }): Promise<void> {
    const endpoints = (await this.candidates(tx, about, event)).filter(({ types }) =>
      types.some((pattern) => isMeant(pattern, event.type)),
    );
    if (endpoints.length === 0) return;
    const ids = endpoints.map(() => uuidv7());
    await tx.execute(INSERT, [ids, endpoints.map(({ id }) => id), about.teamId, event.seq, event.type, about.jobId]);
    tx.afterCommit(() => {
      for (const id of ids) this.doorbell.ring(SEND_QUEUE, id);
    });
  }

  private candidates(tx: Transaction, about: Subject, { to }: NewEvent): Promise<Candidate[]> {
    const { teamId, notifyEndpoint = null, kind = null, labels = {} } = about;
    if (to && 'only' in to) return tx.query<Candidate>(ONLY, [teamId, to.only]);
    if (to) return tx.query<Candidate>(ALL_BUT, [teamId, to.allBut]);
    return tx.query<Candidate>(CANDIDATES, [teamId, notifyEndpoint, kind, jsonb(labels)]);
  }
}
