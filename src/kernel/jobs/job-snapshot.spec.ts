import type { Callback } from './callback.js';
import { asProviderJob } from './job-snapshot.js';
import { Job } from './job.entity.js';

const job = Object.assign(new Job(), {
  id: 'j',
  teamId: 't',
  provider: 'acme',
  kind: 'diarization',
  status: 'submitting',
  input: { url: 'x' },
  externalId: null,
  facts: {},
  labels: { a: 'b' },
  attempt: 1,
  createdAt: new Date(0),
  askedAt: null,
  webhook: true,
  traceparent: 'hush',
});

const callback: Pick<Callback, 'urlFor'> = {
  urlFor: (provider, claim) => `${provider}:${claim.jobId}:${claim.kind}:${claim.teamId}`,
};

describe('a job as its provider sees it', () => {
  it('is exactly this', () => {
    expect(asProviderJob(job, callback as Callback)).toEqual({
      id: 'j',
      teamId: 't',
      kind: 'diarization',
      status: 'submitting',
      input: { url: 'x' },
      externalId: null,
      facts: {},
      labels: { a: 'b' },
      attempt: 1,
      createdAt: new Date(0),
      askedAt: null,
      callbackUrl: 'acme:j:diarization:t',
    });
  });

  it('has no address to give away when its team wants no notice', () => {
    const silent = Object.assign(new Job(), job, { webhook: false });
    expect(asProviderJob(silent, callback as Callback).callbackUrl).toBeNull();
  });
});
