import { overBudget, tooManyBytes, tooManyOpen, tooManyToday } from './limit-problems.js';

describe('a refusal by limit', () => {
  it('names the limit, what is used of it, what is asked for, and when there is room again', () => {
    const open = tooManyOpen({ most: 10, used: 9, wanted: 2 });
    expect([open.getStatus(), open.code]).toEqual([429, 'limit_reached']);
    expect(open.detail).toBe(
      'openJobs: the team may have 10 open jobs and has 9; this request adds 2. There is room again when jobs are settled',
    );
    const bytes = tooManyBytes({ most: 1, used: 1, wanted: 1 });
    expect(bytes.detail).toBe(
      'uploadBytes: the team may keep 1 byte of uploads and keeps 1; this file has 1 or more. There is room again when files are deleted or expire',
    );
  });

  it('says to the second when the day is over, for programs too', () => {
    const { detail, extras } = tooManyToday({ most: 5, used: 5, wanted: 1 }, 61);
    expect(detail).toContain('begins anew at midnight UTC, in 61 s');
    expect(extras.retryAfter).toBe(61);
  });

  it('does not let anybody wait for what never fits', () => {
    const { detail, extras } = tooManyToday({ most: 5, used: 0, wanted: 6 }, 61);
    expect(detail).toContain('6 jobs at once never fit');
    expect(extras.retryAfter).toBeUndefined();
    expect(tooManyOpen({ most: 5, used: 0, wanted: 6 }).detail).toContain('6 jobs at once never fit');
    expect(tooManyBytes({ most: 5, used: 0, wanted: 6 }).detail).toContain('It never fits');
  });

  it('by the budget is another one: 402, with budget, what is spent and the price', () => {
    const problem = overBudget({ budget: 20, spent: 19.5, price: 0.75 });
    expect([problem.getStatus(), problem.code]).toEqual([402, 'budget_exceeded']);
    expect(problem.detail).toBe(
      'monthlyBudget: the team may spend 20.00 USD a month and has spent 19.50 USD; this request costs about 0.75 USD. Ask an administrator for a larger budget, or wait for the next month (UTC)',
    );
  });
});
