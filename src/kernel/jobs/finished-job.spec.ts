import { jobIdOf, refOf } from './finished-job.js';
import type { FinishedJob } from './finished-job.js';

const job: FinishedJob = {
  kind: 'diarization',
  status: 'succeeded',
  externalId: null,
  ownId: null,
  settledAt: new Date('2025-03-04T05:06:07.089Z'),
  result: { diarization: [] },
  error: null,
  file: 'a.json',
  sha256: 'ab'.repeat(32),
};
const own = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
const timeOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

describe('A finished job', () => {
  it('is the same one as another by our id, else by the vendor’s, else by its bytes', () => {
    expect(refOf({ ...job, externalId: 'j-1', ownId: own })).toBe(`own:${own}`);
    expect(refOf({ ...job, externalId: 'j-1' })).toBe('j-1');
    expect(refOf(job)).toBe(`sha256:${job.sha256}`);
  });

  it('gets an id that sorts by the time at which it was settled, the same one every time', () => {
    const id = jobIdOf('team', job);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOf(id)).toBe(job.settledAt.getTime());
    expect(jobIdOf('team', job)).toBe(id);
    expect(jobIdOf('other', job)).not.toBe(id);
    expect(jobIdOf('team', { ...job, sha256: 'cd'.repeat(32) })).not.toBe(id);
    expect(jobIdOf('team', { ...job, ownId: own })).toBe(own);
  });
});
