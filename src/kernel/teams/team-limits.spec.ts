import type { Database, Transaction } from '../database/database.js';
import { Problem } from '../http/problem.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { NO_LIMITS } from './limits.js';
import type { Limits } from './limits.js';
import { TeamLimits } from './team-limits.js';

/** A transaction in which the team has these limits, or none; it keeps what was asked. */
function transaction(limits: Partial<Limits> | null, onLock?: Error) {
  const statements: string[] = [];
  const tx = {
    query: (sql: string) => {
      statements.push(sql.replace(/\s+/g, ' ').trim());
      if (sql.includes('for update')) {
        if (onLock) return Promise.reject(onLock);
        return Promise.resolve(limits ? [{ ...NO_LIMITS, ...limits }] : []);
      }
      return Promise.resolve([{ open: 3, jobs: 3, spent: 3, left: 60, bytes: 3 }]);
    },
    execute: (sql: string) => Promise.resolve(statements.push(sql)),
  };
  return { tx: tx as unknown as Transaction, statements };
}

const limits = () => new TeamLimits({} as Database, new KernelMetrics());
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'in',
    (error: unknown) => (error instanceof Problem ? `${error.getStatus()} ${error.code}` : String(error)),
  );

describe('the limits of a team', () => {
  it('cost a team that has none a single question, for jobs and for uploads', async () => {
    const { tx, statements } = transaction(null);
    await limits().admit(tx, 't', { jobs: 1_000, price: 5 });
    await limits().admitUpload(tx, 't', 5);
    expect(statements).toHaveLength(2);
    expect(statements.every((sql) => sql.startsWith('select'))).toBe(true);
  });

  it.each<[string, Partial<Limits>, string]>([
    ['openJobs', { openJobs: 3 }, '429 limit_reached'],
    ['openJobs', { openJobs: 4 }, 'in'],
    ['jobsPerDay', { jobsPerDay: 3 }, '429 limit_reached'],
    ['jobsPerDay', { jobsPerDay: 4 }, 'in'],
    ['monthlyBudget', { monthlyBudget: 3.09 }, '402 budget_exceeded'],
    ['monthlyBudget', { monthlyBudget: 3.1 }, 'in'],
    ['all of them', { openJobs: 4, jobsPerDay: 4, monthlyBudget: 3.1 }, 'in'],
  ])('let in what is within %s: %j', async (_, set, outcome) => {
    const { tx, statements } = transaction(set);
    expect(await codeOf(limits().admit(tx, 't', { jobs: 1, price: 0.1 }))).toBe(outcome);
    const counted = statements.filter((sql) => sql.startsWith('insert into team_usage')).length;
    expect(counted).toBe(outcome === 'in' && !('openJobs' in set && Object.keys(set).length === 1) ? 1 : 0);
  });

  it('say that it is our side that is slow when others of the team are counted for too long', async () => {
    const canceled = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
    const { tx } = transaction(null, canceled);
    expect(await codeOf(limits().admit(tx, 't', { jobs: 1, price: 0 }))).toBe('503 unavailable');
    const away = Object.assign(new Error('away'), { code: '08006' });
    expect(await codeOf(limits().admit(transaction(null, away).tx, 't', { jobs: 1, price: 0 }))).toBe('Error: away');
  });
});
