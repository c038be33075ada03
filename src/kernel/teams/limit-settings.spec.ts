import { merged } from './limit-settings.js';

const before = { openJobs: 5, jobsPerDay: null, uploadBytes: 1_000, monthlyBudget: 20 };

describe('a change of limits', () => {
  it('leaves alone what it does not name', () => {
    expect(merged(before, {})).toEqual(before);
    expect(merged(before, { jobsPerDay: 100, openJobs: undefined })).toEqual({ ...before, jobsPerDay: 100 });
  });

  it('takes away what it names as null, and takes nothing as something', () => {
    expect(merged(before, { openJobs: null, monthlyBudget: 0 })).toEqual({
      ...before,
      openJobs: null,
      monthlyBudget: 0,
    });
  });
});
