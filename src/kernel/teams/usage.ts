import type { Transaction } from '../database/database.js';
import type { Limits, Used } from './limits.js';
import { OPEN_STATUSES } from './limits.js';

/** The pool, or a transaction that has locked the team's limits. */
type Reader = Pick<Transaction, 'query'>;

export interface Period {
  /** Submitted on this UTC day. */
  jobs: number;
  /** US dollars in this UTC month. */
  spent: number;
  /** Seconds until the next UTC day. */
  left: number;
}

const OPEN = OPEN_STATUSES.map((status) => `'${status}'`).join(', ');
const TODAY = `(now() at time zone 'UTC')::date`;
const MONTH = `date_trunc('month', now() at time zone 'UTC')`;
/** Ids are uuid v7: the index on them leaves out what is older. An hour for clocks that differ. */
const SINCE = `(lpad(to_hex((extract(epoch from ${MONTH} - interval '1 hour') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`;

export async function openJobsOf(reader: Reader, teamId: string): Promise<number> {
  const sql = `select count(*)::int as open from jobs where team_id = $1 and status in (${OPEN})`;
  const [row] = await reader.query<{ open: number }>(sql, [teamId]);
  return row?.open ?? 0;
}

/** What callers gave us and is still there; results are not theirs to choose. */
export async function uploadBytesOf(reader: Reader, teamId: string): Promise<number> {
  const [row] = await reader.query<{ bytes: number }>(
    `select coalesce(sum(size), 0)::float8 as bytes from files
     where team_id = $1 and purpose = 'upload' and deleted_at is null and missing_since is null
       and coalesce(expires_at > now(), true)`,
    [teamId],
  );
  return row?.bytes ?? 0;
}

/** As it was counted, job by job. */
export async function countedOf(reader: Reader, teamId: string): Promise<Period> {
  const [row] = await reader.query<Period>(
    `select coalesce(sum(jobs) filter (where day = ${TODAY}), 0)::int as jobs, coalesce(sum(spent), 0)::float8 as spent,
            ceil(extract(epoch from ${TODAY} + 1 - (now() at time zone 'UTC')))::int as left
     from team_usage where team_id = $1 and day >= ${MONTH}::date`,
    [teamId],
  );
  if (!row) throw new Error('a sum without a row');
  return row;
}

/** Adds to what is counted for this day. Nobody else does at the same time: the team's limits are locked. */
export async function count(tx: Transaction, teamId: string, jobs: number, price: number): Promise<void> {
  await tx.execute(
    `insert into team_usage as u (team_id, day, jobs, spent) values ($1, ${TODAY}, $2, $3)
     on conflict (team_id, day) do update set jobs = u.jobs + excluded.jobs, spent = u.spent + excluded.spent`,
    [teamId, jobs, price],
  );
}

/** What was counted for a job that was never sent. */
export async function uncount(tx: Transaction, teamId: string, price: number, createdAt: Date): Promise<void> {
  await tx.execute(
    `update team_usage set spent = greatest(spent - $2, 0)
     where team_id = $1 and day = ($3::timestamptz at time zone 'UTC')::date`,
    [teamId, price, createdAt],
  );
}

const JOBS_OF_MONTH = `
  from jobs where team_id = $1 and id >= ${SINCE} and created_at at time zone 'UTC' >= ${MONTH} and facts->'import' is null`;

/** For a team that nothing was counted for until now: from here on the counts hold what was before, as far as it is kept. */
export async function catchUp(tx: Transaction, teamId: string): Promise<void> {
  await tx.execute(
    `insert into team_usage as u (team_id, day, jobs, spent)
     select $1, (created_at at time zone 'UTC')::date, count(*)::int, coalesce(sum(price), 0) ${JOBS_OF_MONTH} group by 2 order by 2
     on conflict (team_id, day) do update
       set jobs = greatest(u.jobs, excluded.jobs), spent = greatest(u.spent, excluded.spent)`,
    [teamId],
  );
}

async function sumOfJobs(reader: Reader, teamId: string): Promise<Pick<Period, 'jobs' | 'spent'>> {
  const [row] = await reader.query<Pick<Period, 'jobs' | 'spent'>>(
    `select (count(*) filter (where (created_at at time zone 'UTC')::date = ${TODAY}))::int as jobs,
            coalesce(sum(price), 0)::float8 as spent ${JOBS_OF_MONTH}`,
    [teamId],
  );
  return row ?? { jobs: 0, spent: 0 };
}

/** What a team uses now; what is not counted for it, because nothing limits it, is summed up. */
export async function usedBy(reader: Reader, teamId: string, limits: Limits): Promise<Used> {
  const counted = await countedOf(reader, teamId);
  const isCounted = limits.jobsPerDay !== null && limits.monthlyBudget !== null;
  const summed = isCounted ? counted : await sumOfJobs(reader, teamId);
  return {
    openJobs: await openJobsOf(reader, teamId),
    jobsPerDay: (limits.jobsPerDay === null ? summed : counted).jobs,
    uploadBytes: await uploadBytesOf(reader, teamId),
    monthlyBudget: (limits.monthlyBudget === null ? summed : counted).spent,
  };
}
