import { VENDOR } from './fault-catalogue.js';
import type { Job } from './job.js';
import { compact } from './python-json.js';

/** A job as the sandbox's record shows it, in plain JSON. */
export function jobRecord({ outcome, ...job }: Job): object {
  const told = outcome === null ? {} : 'output' in outcome ? outcome : { failure: outcome };
  const plain = JSON.parse(compact({ ...job, ...told })) as object;
  return { vendor: VENDOR, jobId: job.requestId, type: 'training', status: job.stage, request: job.input, ...plain };
}
