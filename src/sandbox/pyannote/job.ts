import { randomUUID } from 'node:crypto';

export type JobType = 'diarize' | 'identify' | 'voiceprint';
export type JobStatus = 'pending' | 'created' | 'running' | 'succeeded' | 'failed' | 'canceled';
export type Outcome = { status: 'succeeded' | 'failed' | 'canceled'; output: object | null };

export const STATUSES: readonly JobStatus[] = ['pending', 'created', 'running', 'succeeded', 'failed', 'canceled'];

export interface Job {
  readonly jobId: string;
  readonly type: JobType;
  readonly request: SubmitBody;
  status: JobStatus;
  /** Kept for the record even when the vendor's own answer no longer shows it. */
  output: object | null;
  outputGone: boolean;
  readonly createdAt: string;
  updatedAt: string;
  completedAt: string | null;
  /** Names of the faults that struck this job. */
  readonly faults: string[];
}

/** A submit that has been checked; what the checks do not need stays unread. */
export interface SubmitBody extends Record<string, unknown> {
  url: string;
}

export function newJob(type: JobType, request: SubmitBody): Job {
  const now = new Date().toISOString();
  const dates = { createdAt: now, updatedAt: now, completedAt: null };
  return {
    jobId: randomUUID(),
    type,
    request,
    status: 'created',
    output: null,
    outputGone: false,
    ...dates,
    faults: [],
  };
}

export function webhookOf(job: Job): string | null {
  return typeof job.request.webhook === 'string' ? job.request.webhook : null;
}

export function isEnded(job: Job): boolean {
  return job.completedAt !== null;
}

/** The object of GET /v1/jobs/{jobId}; the type of the job is not part of it. */
export function jobView({ jobId, status, createdAt, updatedAt, output, outputGone }: Job) {
  const shown = output === null || outputGone ? {} : { output };
  return { jobId, status, createdAt, updatedAt, ...shown };
}
