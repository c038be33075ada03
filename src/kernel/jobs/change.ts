import type { JobError } from './job.entity.js';
import type { JobStatus } from './job-status.js';

/** What a provider says happened to a job. Everything is optional; what is absent stays as it is. */
export interface Change {
  to?: Extract<JobStatus, 'running' | 'succeeded' | 'failed' | 'canceled'>;
  /** The vendor's finer word, from the kind's table. */
  phase?: string;
  /** 0 to 1; never falls. */
  progress?: number;
  externalId?: string;
  /** Further vendor ids. */
  refs?: readonly string[];
  /** Merged into the job; of two times (ISO 8601) under one name the earlier stays. */
  facts?: Readonly<Record<string, unknown>>;
  /** A line for the timeline, with the vendor's own time where it gave one. */
  note?: { text: string; at?: string };
  /** With `to: 'succeeded'`. Without it the vendor has lost the output: asked twice more, then `result_lost`. */
  result?: Record<string, unknown>;
  /** In place of `result`, where that is too large to be held: its JSON text, one object, UTF-8, read once at most. */
  resultStream?: AsyncIterable<Uint8Array>;
  error?: JobError;
  /** Seconds until the vendor should be asked (again); 0 = now. */
  checkAfter?: number;
}

/** Where a large result lies. */
export interface ResultFile {
  /** In `files`. */
  id: string;
  /** Bytes of its JSON text. */
  size: number;
}

/** A change as it can be written: its result fits into a row, or lies in a file already. */
export interface KeptChange extends Omit<Change, 'resultStream'> {
  resultStream?: never;
  resultFile?: ResultFile;
}

/** What came of a change. */
export interface Applied {
  /** The job is (still) in this state. */
  status: JobStatus;
  /** True when the change moved it there. */
  moved: boolean;
  /** True when anything was written at all. */
  changed: boolean;
}
