import type { Transaction } from '../database/database.js';

/** A job that is wanted, as a domain makes it of a valid request. */
export interface NewJob {
  kind: string;
  input: Record<string, unknown>;
  labels?: Record<string, string>;
  /** False: the vendor is given no address to call. */
  webhook?: boolean;
  /** An address of its own that is told of this job. */
  notifyUrl?: string;
  /** What must hold for it to be made, in its own transaction; not asked again for a repeat. Throws what the caller is told. */
  provided?(tx: Transaction): Promise<void>;
  /** What of the input has to be looked up when it is made, likewise in its own transaction. */
  lookedUp?(tx: Transaction): Promise<Record<string, unknown>>;
}

/** What the HTTP request says about the job, or the batch of jobs, beyond its body. */
export interface RequestOf {
  /** Method and route template, for the idempotency key. */
  route: string;
  idempotencyKey?: string;
  /** The parsed body, for the idempotency key. */
  body: unknown;
  requestId: string;
  traceparent?: string;
}
