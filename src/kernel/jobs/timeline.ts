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
}
