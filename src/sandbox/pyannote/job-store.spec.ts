import { JobStore } from './job-store.js';
import { newJob } from './job.js';

describe('the list of jobs', () => {
  const jobs = new JobStore();
  const ids = [1, 2, 3, 4, 5].map((n) => {
    const job = newJob('diarize', { url: `media://${n}` });
    if (n % 2 === 1) job.status = 'succeeded';
    jobs.add(job);
    return job.jobId;
  });
  const newest = [...ids].reverse();
  const idsOn = (page: ReturnType<JobStore['page']>) => page?.items.map((item) => item.id);

  it('goes from the newest to the oldest, page by page, without doubles or gaps', () => {
    const first = jobs.page(2, undefined, undefined);
    const second = jobs.page(2, first?.nextCursor ?? '', undefined);
    const third = jobs.page(2, second?.nextCursor ?? '', undefined);
    expect([first, second, third].flatMap((page) => idsOn(page))).toEqual(newest);
    expect(third?.nextCursor).toBeNull();
  });

  it('says there is no more when the last page is full', () => {
    expect(jobs.page(5, undefined, undefined)?.nextCursor).toBeNull();
  });

  it('keeps to one status', () => {
    expect(idsOn(jobs.page(10, undefined, 'succeeded'))).toEqual([newest[0], newest[2], newest[4]]);
  });

  it('does not know every cursor', () => {
    expect(jobs.page(2, 'nobody', undefined)).toBeNull();
  });
});
