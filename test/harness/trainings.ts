import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** As much of a database as takes a statement. */
export interface Takes {
  query(sql: string, values: unknown[]): Promise<unknown>;
}

export interface Finished {
  result: object | null;
  input?: object;
  labels?: object;
  team?: string;
}

const INPUT = {
  type: 'portrait',
  trainer: 'fal-ai/flux-lora-portrait-trainer',
  inputs: { trigger_phrase: 'ohwx', steps: 2_500 },
};

/** A training that has just succeeded, with what has to follow it. Returns its id. */
export async function finishTraining(db: Takes, { result, input = INPUT, labels = {}, team = 'default' }: Finished) {
  const id = uuidv7();
  await db.query(
    `with job as (
       insert into jobs (id, team_id, provider, kind, status, external_id, input, result, labels, webhook, settled_at)
       select $1, id, 'fal', 'training', 'succeeded', $2, $3, $4, $5, false, now() from teams where name = $6 returning id)
     insert into follow_ups (job_id, event, handler, provider, due_at)
     select id, 'training.succeeded', '', 'fal', now() from job`,
    [id, randomUUID(), JSON.stringify(input), result && JSON.stringify(result), JSON.stringify(labels), team],
  );
  return id;
}
