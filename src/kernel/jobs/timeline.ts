import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { jsonb } from '../database/json-safe.js';
import type { Cause } from './change.js';

export interface Entry {
  type: string;
  what?: Record<string, unknown>;
}

/** Appends to the timeline, in the transaction of the change that it tells of. */
@Injectable()
export class Timeline {
  async append(
    tx: Transaction,
    /** Without an id: news that is no single job's, such as the end of a batch. */
    job: { id: string | null; teamId: string },
    cause: Cause,
    entries: readonly Entry[],
  ): Promise<void> {
    for (const entry of entries) {
      await tx.execute('insert into events (job_id, team_id, type, what, cause) values ($1, $2, $3, $4, $5)', [
        job.id,
        job.teamId,
        entry.type,
        jsonb(entry.what ?? {}),
        jsonb(cause),
      ]);
    }
  }

  /** The same entry for each of many jobs of a team, in the order of the ids. */
  async appendToEach(
    tx: Transaction,
    jobs: { ids: readonly string[]; teamId: string },
    cause: Cause,
    type: string,
  ): Promise<void> {
    await tx.execute(
      'insert into events (job_id, team_id, type, cause) select id, $2, $3, $4 from unnest($1::uuid[]) as new(id)',
      [jobs.ids, jobs.teamId, type, jsonb(cause)],
    );
  }

  /** The last note on a job, so that a check which finds the same again does not write it again. */
  async lastNote(tx: Transaction, jobId: string): Promise<string | null> {
    const [row] = await tx.query<{ text: string | null }>(
      `select what->>'text' as text from events where job_id = $1 and type = 'job.note' order by epoch desc, seq desc limit 1`,
      [jobId],
    );
    return row?.text ?? null;
  }
}
