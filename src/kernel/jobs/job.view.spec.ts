import { Job } from './job.entity.js';
import { etagOf, jobListView, jobView } from './job.view.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, second));

const job = Object.assign(new Job(), {
  id: 'j',
  teamId: 'secret-team',
  provider: 'acme',
  kind: 'diarization',
  status: 'succeeded',
  phase: 'done',
  progress: 1,
  attempt: 2,
  version: 7,
  externalId: 'e',
  input: { url: 'x' },
  result: { words: 1 },
  resultFile: null,
  resultSize: null,
  error: null,
  facts: { a: 1 },
  labels: { b: 'c' },
  batchId: null,
  price: 0.25,
  webhook: true,
  submitAt: at(1),
  resubmits: 0,
  askedAt: at(2),
  checkAt: at(3),
  checks: 1,
  goneSince: null,
  deadlineAt: at(4),
  cancelRequestedAt: null,
  traceparent: 'secret-trace',
  createdAt: at(0),
  updatedAt: at(5),
  startedAt: at(2),
  settledAt: null,
});

describe('a job as its team sees it', () => {
  it('is exactly this', () => {
    expect(jobView(job, [])).toEqual({
      id: 'j',
      kind: 'diarization',
      status: 'succeeded',
      phase: 'done',
      progress: 1,
      provider: 'acme',
      externalId: 'e',
      input: { url: 'x' },
      result: { words: 1 },
      resultSize: null,
      followUps: [],
      error: null,
      facts: { a: 1 },
      labels: { b: 'c' },
      batch: null,
      price: 0.25,
      webhook: true,
      createdAt: '2026-11-21T10:00:00.000Z',
      startedAt: '2026-11-21T10:00:02.000Z',
      settledAt: null,
      deadlineAt: '2026-11-21T10:00:04.000Z',
      nextCheckAt: '2026-11-21T10:00:03.000Z',
      cancelRequestedAt: null,
      links: { self: '/v1/jobs/j', events: '/v1/jobs/j/events', result: '/v1/jobs/j/result' },
    });
  });

  it('says where the result is, and how large, when it is too large to be shown', () => {
    const large = Object.assign(new Job(), job, { result: null, resultFile: 'secret-file', resultSize: 5_000_000 });
    expect(jobView(large, [])).toMatchObject({
      result: null,
      resultSize: 5_000_000,
      links: { result: '/v1/jobs/j/result' },
    });
    expect(JSON.stringify(jobView(large, []))).not.toContain('secret');
    expect(jobListView(large)).toMatchObject({ resultSize: 5_000_000 });
  });

  it('has no link to a result while there is none', () => {
    const running = Object.assign(new Job(), job, { status: 'running' });
    expect(jobView(running, []).links).toEqual({ self: '/v1/jobs/j', events: '/v1/jobs/j/events' });
  });

  it('says null where nothing is known yet', () => {
    const fresh = Object.assign(new Job(), job, { checkAt: null, startedAt: null, deadlineAt: null, result: null });
    expect(jobView(fresh, [])).toMatchObject({ nextCheckAt: null, startedAt: null, deadlineAt: null, result: null });
  });

  it('shows what has to follow', () => {
    const waiting = {
      event: 'diarization.succeeded',
      handler: null,
      state: 'waiting' as const,
      attempts: 1,
      lastError: 'busy',
    };
    expect(jobView(job, [waiting]).followUps).toEqual([waiting]);
  });

  it('leaves result and follow-ups out of lists', () => {
    const { result, followUps, ...rest } = jobView(job, []);
    expect([result, followUps]).toEqual([{ words: 1 }, []]);
    expect(jobListView(job)).toEqual(rest);
  });
});

describe('the ETag of a job', () => {
  it('is a quoted text that changes with the row', () => {
    expect(etagOf(job)).toBe('"v7"');
    expect(etagOf({ version: 8 })).not.toBe(etagOf(job));
  });
});
