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
    job: { id: string; teamId: string },
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

  /** The last note on a job, so that a check which finds the same again does not write it again. */
  async lastNote(tx: Transaction, jobId: string): Promise<string | null> {
    const [row] = await tx.query<{ text: string | null }>(
      `select what->>'text' as text from events where job_id = $1 and type = 'job.note' order by epoch desc, tx desc, seq desc limit 1`,
      [jobId],
    );
    return row?.text ?? null;
  }
}
