import type { Callback } from './callback.js';
import { Job } from './job.entity.js';
import type { JobSecrets } from './job-secrets.js';
import { JobSnapshot } from './job-snapshot.js';

const job = Object.assign(new Job(), {
  id: 'j',
  teamId: 't',
  provider: 'acme',
  kind: 'diarization',
  status: 'submitting',
  input: { url: 'x' },
  result: { print: 'sealed' },
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

const open = jest.fn((_job: object, _part: string, value: object) => ({ ...value, opened: true }));
const snapshot = new JobSnapshot(callback as Callback, { open } as unknown as JobSecrets);

describe('a job as its provider sees it', () => {
  it('is exactly this, with its secrets open', () => {
    expect(snapshot.of(job)).toEqual({
      id: 'j',
      teamId: 't',
      kind: 'diarization',
      status: 'submitting',
      input: { url: 'x', opened: true },
      result: { print: 'sealed', opened: true },
      externalId: null,
      facts: {},
      labels: { a: 'b' },
      attempt: 1,
      createdAt: new Date(0),
      askedAt: null,
      callbackUrl: 'acme:j:diarization:t',
    });
  });

  it('has its secrets opened once, and only when somebody looks', () => {
    open.mockClear();
    const seen = snapshot.of(job);
    expect(seen.externalId).toBeNull();
    expect(open).not.toHaveBeenCalled();
    expect(seen.input).toBe(seen.input);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('has no address to give away when its team wants no notice, and no result before there is one', () => {
    const silent = Object.assign(new Job(), job, { webhook: false, result: null });
    expect(snapshot.of(silent)).toMatchObject({ callbackUrl: null, result: null });
  });
});
