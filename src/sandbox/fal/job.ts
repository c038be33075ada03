import { randomUUID } from 'node:crypto';
import type { Finding } from './validation.js';

export type Stage = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';

export interface LogLine {
  message: string;
  timestamp: string;
  level: 'STDERR' | 'STDOUT' | 'ERROR' | 'INFO' | 'WARN' | 'DEBUG';
  source: 'USER';
}

/** What the model's container answered: its output, or a 4xx or 5xx with a detail. */
export type Outcome =
  { output: Record<string, unknown> } | { code: number; error: string; errorType?: string; detail: string | Finding[] };

export interface Job {
  readonly requestId: string;
  /** As submitted: owner, app and whatever path follows. */
  readonly endpoint: string;
  readonly input: Record<string, unknown>;
  readonly webhook: string | null;
  readonly priority: string;
  /** Scheme and host at which the submitter found us. */
  readonly origin: string;
  stage: Stage;
  outcome: Outcome | null;
  readonly logs: LogLine[];
  readonly createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  /** Images and captions found in the archive. */
  images: number | null;
  captions: number | null;
  cancelRequested: boolean;
  /** In US dollars; a training that did not happen costs nothing. */
  paid: number;
  /** Names of the faults that struck this job. */
  readonly faults: string[];
}

type Submitted = Pick<Job, 'endpoint' | 'input' | 'webhook' | 'priority' | 'origin'>;

export function newJob(submitted: Submitted): Job {
  return {
    requestId: randomUUID(),
    ...submitted,
    stage: 'IN_QUEUE',
    outcome: null,
    logs: [],
    createdAt: new Date().toISOString(),
    startedAt: null,
    completedAt: null,
    images: null,
    captions: null,
    cancelRequested: false,
    paid: 0,
    faults: [],
  };
}

/** Owner and app, without the path below them: the form of every address that the vendor gives. */
export function appOf({ endpoint }: Job): string {
  return endpoint.split('/').slice(0, 2).join('/');
}

export function log(job: Job, message: string, level: LogLine['level'] = 'STDOUT'): void {
  job.logs.push({ message, timestamp: new Date().toISOString(), level, source: 'USER' });
}
