import type { Transaction } from '../database/database.js';
import { refOf } from './finished-job.js';
import type { FinishedJob, ImportFate } from './finished-job.js';

interface Twin {
  id: string;
  externalId: string | null;
  ref: string | null;
  mine: boolean;
}

/**
 * Which of them are there already, by `refOf`. A vendor's id and our own belong to one job in the whole service; the same
 * bytes may come to two teams.
 */
export async function findKnown(
  tx: Transaction,
  teamId: string,
  jobs: readonly FinishedJob[],
): Promise<Map<string, ImportFate>> {
  const twins = await tx.query<Twin>(
    `select j.id, j.external_id as "externalId", null as ref, j.team_id = $1 as mine from jobs j
       where j.external_id = any($2) or j.id = any($3)
     union all
     select j.id, null, r.ref, true from job_refs r join jobs j on j.id = r.job_id
       where r.ref = any($4) and j.team_id = $1`,
    [teamId, present(jobs.map((job) => job.externalId)), present(jobs.map((job) => job.ownId)), jobs.map(refOf)],
  );
  const known = new Map<string, ImportFate>();
  for (const { id, externalId, ref, mine } of twins) {
    const fate: ImportFate = mine ? { fate: 'known', jobId: id } : { fate: 'foreign' };
    for (const name of [ref, externalId, `own:${id}`]) if (name !== null) known.set(name, fate);
  }
  return known;
}

const present = (ids: readonly (string | null)[]): string[] => ids.filter((id) => id !== null);
