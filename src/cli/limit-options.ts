import type { Limits } from '../kernel/teams/limits.js';
import { Mistake } from './mistake.js';

export interface LimitOptions {
  openJobs?: string;
  jobsPerDay?: string;
  uploadBytes?: string;
  monthlyBudget?: string;
}

const MOST_JOBS = 2_147_483_647;
const MOST_DOLLARS = 1_000_000_000;

function parseWhole(option: string, text: string, most: number): number | null {
  if (text === 'none') return null;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Infinity;
  if (value <= most) return value;
  throw new Mistake(`${option}: "${text}" is neither a whole number from 0 to ${most} nor none`);
}

function parseDollars(text: string): number | null {
  if (text === 'none') return null;
  const value = /^\d{1,10}(\.\d{1,2})?$/.test(text) ? Number(text) : Infinity;
  if (value <= MOST_DOLLARS) return value;
  throw new Mistake(`--monthly-budget: "${text}" is neither US dollars such as 250 or 99.50 nor none`);
}

/** What is to be changed; `none` takes a limit away. */
export function parseLimits(options: LimitOptions): Partial<Limits> {
  const { openJobs, jobsPerDay, uploadBytes, monthlyBudget } = options;
  return {
    ...(openJobs === undefined ? {} : { openJobs: parseWhole('--open-jobs', openJobs, MOST_JOBS) }),
    ...(jobsPerDay === undefined ? {} : { jobsPerDay: parseWhole('--jobs-per-day', jobsPerDay, MOST_JOBS) }),
    ...(uploadBytes === undefined
      ? {}
      : { uploadBytes: parseWhole('--upload-bytes', uploadBytes, Number.MAX_SAFE_INTEGER) }),
    ...(monthlyBudget === undefined ? {} : { monthlyBudget: parseDollars(monthlyBudget) }),
  };
}
