import { Injectable } from '@nestjs/common';
import { Callback } from './callback.js';
import type { Job } from './job.entity.js';
import { JobSecrets } from './job-secrets.js';
import type { ProviderJob } from './provider.js';

/** The part of a job that its provider may see. */
@Injectable()
export class JobSnapshot {
  constructor(
    private readonly callback: Callback,
    private readonly secrets: JobSecrets,
  ) {}

  /** Secrets are opened when they are looked at: asking how a job stands needs none, nor the key that sealed them. */
  of(job: Job): ProviderJob {
    const { id, teamId, kind, status, externalId, facts, labels, attempt, createdAt, askedAt } = job;
    const callbackUrl = job.webhook ? this.callback.urlFor(job.provider, { jobId: id, kind, teamId }) : null;
    const input = once(() => this.secrets.open(job, 'input', job.input));
    const result = once(() => job.result && this.secrets.open(job, 'result', job.result));
    return {
      ...{ id, teamId, kind, status, externalId, facts, labels, attempt, createdAt, askedAt, callbackUrl },
      get input() {
        return input();
      },
      get result() {
        return result();
      },
    };
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
