import type { Callback } from './callback.js';
import type { Job } from './job.entity.js';
import type { ProviderJob } from './provider.js';

/** The part of a job that its provider may see. */
export function asProviderJob(job: Job, callback: Callback): ProviderJob {
  const { id, teamId, kind, status, input, externalId, facts, labels, attempt, createdAt, askedAt } = job;
  const claim = { jobId: id, kind, teamId };
  const callbackUrl = job.webhook ? callback.urlFor(job.provider, claim) : null;
  return { id, teamId, kind, status, input, externalId, facts, labels, attempt, createdAt, askedAt, callbackUrl };
}
