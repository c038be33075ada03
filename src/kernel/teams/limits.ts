/** What a team can be limited in, and how `signalbox_limit_refusals_total` names it. */
export const LIMITS = {
  /** Jobs that are not settled. */
  openJobs: 'open_jobs',
  /** Jobs submitted on a UTC day. */
  jobsPerDay: 'jobs_per_day',
  /** Bytes of all uploads that are kept at one time. */
  uploadBytes: 'upload_bytes',
  /** US dollars, estimated, in a UTC calendar month. */
  monthlyBudget: 'monthly_budget',
} as const;

export type LimitName = keyof typeof LIMITS;

/** Null: no limit. */
export type Limits = Record<LimitName, number | null>;

export type Used = Record<LimitName, number>;

export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[];

export const NO_LIMITS: Limits = { openJobs: null, jobsPerDay: null, uploadBytes: null, monthlyBudget: null };

/** The states of a job that is not settled; jobs are further down the ladder, and hold this against their own table. */
export const OPEN_STATUSES = ['queued', 'submitting', 'unconfirmed', 'running'] as const;

/** `team_limits` as `Limits`. */
export const LIMIT_COLUMNS = `
  l.max_open_jobs as "openJobs", l.max_jobs_per_day as "jobsPerDay", l.max_upload_bytes::float8 as "uploadBytes",
  l.monthly_budget::float8 as "monthlyBudget"`;
