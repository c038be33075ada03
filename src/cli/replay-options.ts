import { Mistake } from './mistake.js';

/** As commander hands them over. */
export interface ReplayOptions {
  url?: string;
  key?: string;
  outcome?: string;
  source?: string;
  job?: string;
  after?: string;
  before?: string;
  reason?: string;
  yes?: boolean;
}

const FILTERS = ['outcome', 'source', 'job', 'after', 'before'] as const;
const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The filter of `POST /v1/deliveries/replay`; null where deliveries are named by id. @throws {Mistake} for what could only fail */
export function filterFrom(ids: readonly string[], options: ReplayOptions, now = Date.now()): object | null {
  const given = FILTERS.filter((name) => options[name] !== undefined);
  if (ids.length > 0) {
    if (given.length > 0) throw new Mistake(`--${given[0]} goes without ids: deliveries are named or looked for`);
    if (options.yes) throw new Mistake('--yes goes without ids: what is named is replayed at once');
    return null;
  }
  if (given.length === 0)
    throw new Mistake('name deliveries by their ids, or look for them: --outcome dead --after 2h');
  if (options.after === undefined) throw new Mistake('--after is needed, such as 2h, 7d or 2026-11-20T08:00:00Z');
  const { outcome, source, job, after, before } = options;
  const words = outcome?.split(',').map((word) => word.trim());
  return { outcome: words, source, job, after: timeFrom(after, now), before: before && timeFrom(before, now) };
}

/** `2h` is two hours ago; anything else is for the service to judge. */
function timeFrom(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  return count === undefined ? text : new Date(now - Number(count) * (UNITS[unit] ?? 0)).toISOString();
}
