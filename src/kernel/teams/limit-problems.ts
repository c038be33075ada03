import { Problem } from '../http/problem.js';
import { inDollars } from './money.js';

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

interface Counted {
  most: number;
  used: number;
  wanted: number;
}

const reached = (detail: string, retryAfter?: number) =>
  new Problem(429, 'limit_reached', detail, retryAfter === undefined ? {} : { retryAfter });

/** More than the whole limit never fits, however long one waits. */
const never = (wanted: number, word: string) =>
  `${plural(wanted, word)} at once never fit: send fewer, or have the limit raised`;

export function tooManyOpen({ most, used, wanted }: Counted): Problem {
  const now = `openJobs: the team may have ${plural(most, 'open job')} and has ${used}; this request adds ${wanted}`;
  return reached(`${now}. ${wanted > most ? never(wanted, 'job') : 'There is room again when jobs are settled'}`);
}

/** @param left seconds until the next UTC day */
export function tooManyToday({ most, used, wanted }: Counted, left: number): Problem {
  const today = `jobsPerDay: the team may submit ${plural(most, 'job')} a day and has submitted ${used} today`;
  const adds = `${today}; this request adds ${wanted}`;
  if (wanted > most) return reached(`${adds}. ${never(wanted, 'job')}`);
  return reached(`${adds}. The count begins anew at midnight UTC, in ${left} s`, left);
}

export function tooManyBytes({ most, used, wanted }: Counted): Problem {
  const now = `uploadBytes: the team may keep ${plural(most, 'byte')} of uploads and keeps ${used}; this file has ${wanted} or more`;
  const fix = wanted > most ? 'It never fits' : 'There is room again when files are deleted or expire';
  return reached(`${now}. ${fix}`);
}

export function overBudget({ budget, spent, price }: { budget: number; spent: number; price: number }): Problem {
  const now = `monthlyBudget: the team may spend ${inDollars(budget)} a month and has spent ${inDollars(spent)}`;
  const fix = 'Ask an administrator for a larger budget, or wait for the next month (UTC)';
  return new Problem(402, 'budget_exceeded', `${now}; this request costs about ${inDollars(price)}. ${fix}`);
}
