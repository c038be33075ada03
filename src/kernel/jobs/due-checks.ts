import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/database.js';
import { Job } from './job.entity.js';
import type { JobProvider } from './provider.js';

/** One page of a vendor's list. */
const BATCH = 100;

const OPEN = `status in ('running', 'unconfirmed')`;

/** The jobs that are due to be asked about, taken in hand by a lease. */
@Injectable()
export class DueChecks {
  constructor(private readonly database: Database) {}

  /** Leases the job that the bell named and, where the vendor has a list, all others that are due with it. */
  async take(provider: JobProvider, jobId: string | null, lease: number): Promise<Job[]> {
    const others = provider.checkMany ? 'or true' : '';
    const rows = await this.database.query<{ id: string }>(
      `update jobs set check_at = now() + $3 * interval '1 millisecond', attempt = attempt + 1, version = version + 1
       where id in (select id from jobs where provider = $1 and check_at <= now() and ${OPEN} and (id = $2 ${others})
                    order by id = $2 desc, check_at limit ${BATCH} for update skip locked)
       returning id`,
      [provider.name, jobId, lease],
    );
    if (rows.length === 0) return [];
    return this.database.source
      .getRepository(Job)
      .createQueryBuilder('job')
      .whereInIds(rows.map((row) => row.id))
      .getMany();
  }

  /** Keeps those in hand that nobody else has taken meanwhile. */
  async renew(taken: readonly Job[], lease: number): Promise<void> {
    await this.database.execute(
      `update jobs set check_at = now() + $2 * interval '1 millisecond', version = version + 1
       from unnest($1::uuid[], $3::int[]) as mine(id, attempt)
       where jobs.id = mine.id and jobs.attempt = mine.attempt and check_at > now() and ${OPEN}`,
      [taken.map((job) => job.id), lease, taken.map((job) => job.attempt)],
    );
  }

  /** How many jobs the vendor may be asked about, now or later. */
  async countOpen(tx: Transaction, provider: JobProvider): Promise<number> {
    const [open] = await tx.query<{ count: number }>(
      `select count(*)::int as count from jobs where provider = $1 and ${OPEN}`,
      [provider.name],
    );
    return open?.count ?? 0;
  }
}
