import { parseLimits } from './limit-options.js';

describe('limits on the command line', () => {
  it('are numbers, or none; what is not named is not changed', () => {
    expect(parseLimits({})).toEqual({});
    expect(
      parseLimits({ openJobs: '0', jobsPerDay: 'none', uploadBytes: '9007199254740991', monthlyBudget: '99.5' }),
    ).toEqual({ openJobs: 0, jobsPerDay: null, uploadBytes: 9_007_199_254_740_991, monthlyBudget: 99.5 });
    expect(parseLimits({ monthlyBudget: 'none' })).toEqual({ monthlyBudget: null });
  });

  it.each(['', '-1', '1.5', '1e3', ' 1', '2147483648', 'many', '0x10'])('are not %j jobs', (text) => {
    expect(() => parseLimits({ openJobs: text })).toThrow(`--open-jobs: "${text}" is neither a whole number`);
    expect(() => parseLimits({ jobsPerDay: text })).toThrow(`--jobs-per-day: "${text}" is neither a whole number`);
  });

  it.each(['', '-1', '1.005', '1,50', '$5', '1000000001'])('are not %j dollars', (text) => {
    expect(() => parseLimits({ monthlyBudget: text })).toThrow(`--monthly-budget: "${text}" is neither US dollars`);
  });

  it('are not more bytes than can be counted', () => {
    expect(() => parseLimits({ uploadBytes: '9007199254740992' })).toThrow('--upload-bytes:');
  });
});
