import 'reflect-metadata';
import type { Job } from '../job.entity.js';

const KEY = 'signalbox:on-job-event';

/**
 * A job as handlers see it: as it is by the time that the handler runs, which may be after the next event already. `result` is
 * null where it has a `resultSize`: such a large one lies in a file, at `GET /v1/jobs/{id}/result`.
 */
export type HandledJob = Readonly<
  Pick<
    Job,
    | 'id'
    | 'teamId'
    | 'batchId'
    | 'kind'
    | 'provider'
    | 'externalId'
    | 'status'
    | 'input'
    | 'result'
    | 'resultSize'
    | 'error'
    | 'facts'
    | 'labels'
    | 'createdAt'
    | 'settledAt'
  >
>;

/** What a handler is told about the event itself. */
export interface HandledEvent {
  /** For example `diarization.succeeded`. */
  type: string;
  /** 1 at the first try. */
  attempt: number;
  /** Aborted when the time is up: the try counts as failed, and the next one may begin while this one still runs. */
  signal: AbortSignal;
}

export type JobEventHandler = (job: HandledJob, event: HandledEvent) => unknown;

export interface HandlerOptions {
  /** What its rows are kept under. Unless given, `Class.method`: give one before you rename either. */
  name?: string;
  /** Seconds that one try may take; 60 unless given. */
  timeout?: number;
}

export interface Marked {
  patterns: string[];
  options: HandlerOptions;
}

/**
 * Runs a method of any provider when something has become of a job: settled states (`diarization.succeeded`), announced
 * phases; `diarization.*`, `*.failed` and `*` mean several. The call is written down in the transaction of the event, made
 * after its commit, and made again with back-off for 24 h until it does not throw: it has to be repeatable. Each handler
 * has a row, a queue and a time-out of its own, so none of them holds up another. `GET /v1/jobs/{id}` shows how they stand.
 */
export function OnJobEvent(pattern: string, options: HandlerOptions = {}) {
  return <H extends JobEventHandler>(_target: object, _name: string, method: TypedPropertyDescriptor<H>): void => {
    const own: object = method.value ?? {};
    const marked = markOf(own);
    const patterns = [...(marked?.patterns ?? []), pattern];
    Reflect.defineMetadata(KEY, { patterns, options: { ...marked?.options, ...options } }, own);
  };
}

export function markOf(method: unknown): Marked | undefined {
  return typeof method === 'function' ? (Reflect.getMetadata(KEY, method) as Marked | undefined) : undefined;
}

/** Only what handlers may see. Secrets are opened when they are looked at. */
export function asHandledJob(job: Job, opened: Pick<HandledJob, 'input' | 'result'>): HandledJob {
  const { id, teamId, batchId, kind, provider, externalId, status, error, facts, labels } = job;
  const { resultSize, createdAt, settledAt } = job;
  return {
    ...{ id, teamId, batchId, kind, provider, externalId, status, error, facts, labels },
    ...{ resultSize, createdAt, settledAt },
    get input() {
      return opened.input;
    },
    get result() {
      return opened.result;
    },
  };
}
