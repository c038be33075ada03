import type { Evidence } from './promise-checker.js';
import type { Received } from './subscriber.js';

interface Told {
  seq: string;
  type: string;
  /** Ids of the notifications of this event for this endpoint. */
  ids: string[];
  states: string[];
  url: string;
}

/** Every announced event beside every endpoint that was there for all types when it happened. */
const TOLD = `
select ev.seq, ev.type, ep.url,
       coalesce(array_agg(n.id::text) filter (where n.id is not null), '{}') as ids,
       coalesce(array_agg(n.state) filter (where n.id is not null), '{}') as states
from events ev join endpoints ep on ep.team_id = ev.team_id and not ep.unlisted and ep.types = '{*}'
     and ep.kinds = '{}' and ep.labels = '{}' and ep.created_at < ev.at and ep.deleted_at is null
     left join notifications n on n.endpoint_id = ep.id and n.event_seq = ev.seq
where ev.data is not null and ev.type not like 'endpoint.%'
group by ev.seq, ev.type, ep.url`;

/**
 * The second half of promise 2: each subscriber is told of each change under one stable id. Held against what subscribers
 * really got, which may be the same message more than once, and never another id for it.
 */
export async function brokenNotifications(evidence: Evidence, received: readonly Received[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { seq, type, ids, states, url } of await evidence.query<Told>(TOLD)) {
    const what = `${type} (${seq}) for ${url}`;
    if (ids.length !== 1) problems.push(`2 told once: ${what} has ${ids.length} notifications`);
    if (states.some((state) => state !== 'delivered')) problems.push(`2 told once: ${what} is ${states.join(', ')}`);
    const got = received.filter(({ headers }) => ids.includes(headers['webhook-id'] ?? ''));
    if (got.length === 0) problems.push(`2 told once: ${what} never came`);
    if (new Set(got.map(({ body }) => body)).size > 1) problems.push(`2 told once: ${what} came with two bodies`);
  }
  const rows = await evidence.query<{ id: string }>('select id from notifications');
  const known = new Set(rows.map(({ id }) => id));
  const strange = received.filter(({ headers }) => !known.has(headers['webhook-id'] ?? ''));
  for (const { headers } of strange) problems.push(`2 told once: ${headers['webhook-id']} came and is in no table`);
  return problems;
}
