import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { JobError } from './job.entity.js';

/** A job that was done elsewhere, as it is taken in. */
export interface FinishedJob {
  kind: string;
  status: 'succeeded' | 'failed';
  /** The vendor's id; null where the old system did not keep it. */
  externalId: string | null;
  /** Our own id, where it is a job of a Signalbox. */
  ownId: string | null;
  settledAt: Date;
  result: Record<string, unknown> | null;
  error: JobError | null;
  /** The name of the file that it comes from. */
  file: string;
  /** Of the bytes of that file, in hex. */
  sha256: string;
}

/** `imported` now, `known` already (under which id, where that is known), or another team's, of which nothing is told. */
export type ImportFate = { fate: 'imported' | 'known'; jobId: string | null } | { fate: 'foreign' };

/** What makes two files the same job: our id, else the vendor's, else their bytes. */
export function refOf({ ownId, externalId, sha256 }: FinishedJob): string {
  if (ownId !== null) return `own:${ownId}`;
  return externalId === null ? `sha256:${sha256}` : externalId;
}

/** Its own id, else a new one that carries the time at which it was settled, so that lists show it where it belongs. */
export function jobIdOf(teamId: string, job: FinishedJob): string {
  if (job.ownId !== null) return job.ownId;
  const random = createHash('sha256')
    .update(`${teamId} ${refOf(job)}`)
    .digest()
    .subarray(0, 16);
  return uuidv7({ msecs: job.settledAt.getTime(), random });
}
