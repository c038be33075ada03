import { Injectable } from '@nestjs/common';
import { Database, sqlState } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { unavailable } from '../http/problem.js';
import type { Problem } from '../http/problem.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { overBudget, tooManyBytes, tooManyOpen, tooManyToday } from './limit-problems.js';
import { LIMITS, LIMIT_COLUMNS } from './limits.js';
import type { LimitName, Limits } from './limits.js';
import { micros } from './money.js';
import { count, countedOf, openJobsOf, uncount, uploadBytesOf } from './usage.js';

/** The statement time-out: others of the team held the lock for too long. */
const QUERY_CANCELED = '57014';

/** What a request adds; the price of all its jobs in US dollars, 0 where they have none. */
export interface Wanted {
  jobs: number;
  price: number;
}

/** Room for an upload. */
export interface Allowance {
  /** As many bytes have come, or are said to come. @throws a 429 when that is more than the team may keep */
  reached(bytes: number): void;
}

export const BOUNDLESS: Allowance = { reached: () => undefined };

/**
 * Holds teams to their limits. Who asks holds the team's row in `team_limits` until the end of the transaction, so that of
 * many at once exactly as many come through as there is room for. A team without that limit has no row to lock.
 */
@Injectable()
export class TeamLimits {
  constructor(
    private readonly database: Database,
    private readonly metrics: KernelMetrics,
  ) {}

  /**
   * To be asked late in the transaction that makes the jobs: all of them or none. Not for work that a notice opens: that
   * has happened already. @throws 429 `limit_reached`, 402 `budget_exceeded`
   */
  async admit(tx: Transaction, teamId: string, { jobs, price }: Wanted): Promise<void> {
    const condition = 'max_open_jobs is not null or max_jobs_per_day is not null or monthly_budget is not null and $2';
    const limits = await this.lock(tx, condition, [teamId, price > 0]);
    if (!limits) return;
    const { openJobs, jobsPerDay, monthlyBudget } = limits;
    if (openJobs !== null) {
      const used = await openJobsOf(tx, teamId);
      if (used + jobs > openJobs) this.refuse('openJobs', tooManyOpen({ most: openJobs, used, wanted: jobs }));
    }
    const isPaid = monthlyBudget !== null && price > 0;
    if (jobsPerDay === null && !isPaid) return;
    const period = await countedOf(tx, teamId);
    if (jobsPerDay !== null && period.jobs + jobs > jobsPerDay) {
      this.refuse('jobsPerDay', tooManyToday({ most: jobsPerDay, used: period.jobs, wanted: jobs }, period.left));
    }
    if (isPaid && micros(period.spent) + micros(price) > micros(monthlyBudget)) {
      this.refuse('monthlyBudget', overBudget({ budget: monthlyBudget, spent: period.spent, price }));
    }
    await count(tx, teamId, jobs, price);
  }

  /** A job ended before it was sent: its price is the team's again. */
  async giveBack(tx: Transaction, job: { teamId: string; price: number | null; createdAt: Date }): Promise<void> {
    if (job.price) await uncount(tx, job.teamId, job.price, job.createdAt);
  }

  /** Before an upload begins; what others upload meanwhile is seen by `admitUpload` only. */
  async allowanceFor(teamId: string): Promise<Allowance> {
    const sql = 'select max_upload_bytes::float8 as most from team_limits where team_id = $1';
    const [row] = await this.database.query<{ most: number | null }>(sql, [teamId]);
    const most = row?.most ?? null;
    if (most === null) return BOUNDLESS;
    const used = await uploadBytesOf(this.database, teamId);
    return { reached: (wanted) => this.checkBytes({ most, used, wanted }) };
  }

  /** In the transaction that writes the file's row. @throws 429 `limit_reached` */
  async admitUpload(tx: Transaction, teamId: string, bytes: number): Promise<void> {
    const limits = await this.lock(tx, 'max_upload_bytes is not null', [teamId]);
    if (!limits || limits.uploadBytes === null) return;
    this.checkBytes({ most: limits.uploadBytes, used: await uploadBytesOf(tx, teamId), wanted: bytes });
  }

  private checkBytes(counted: { most: number; used: number; wanted: number }): void {
    if (counted.used + counted.wanted > counted.most) this.refuse('uploadBytes', tooManyBytes(counted));
  }

  private async lock(tx: Transaction, condition: string, parameters: unknown[]): Promise<Limits | undefined> {
    const sql = `select ${LIMIT_COLUMNS} from team_limits l where team_id = $1 and (${condition}) for update`;
    try {
      return (await tx.query<Limits>(sql, parameters))[0];
    } catch (error) {
      if (sqlState(error) !== QUERY_CANCELED) throw error;
      throw unavailable('too many requests of this team are being counted at once; nothing was done, try again', 1);
    }
  }

  private refuse(limit: LimitName, problem: Problem): never {
    this.metrics.limitRefusals.inc({ limit: LIMITS[limit] });
    throw problem;
  }
}
