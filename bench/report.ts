import { median, round } from './stats.js';

/** One measured run of one contender; null is what cannot be known of it. */
export interface Run {
  reqPerSec: number;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Processor time per request. */
  nodeMicros: number | null;
  postgresMicros: number | null;
}

export interface Summary extends Run {
  /** Requests per second of every run, so that the spread can be seen. */
  runs: number[];
}

export interface Goal {
  ratio: string;
  over: string;
  atLeast: number;
}

export interface Outcome {
  ratio: string;
  value: number | null;
  goal: number;
  reached: boolean | null;
}

/** Medians over interleaved runs. */
export function summarise(runs: readonly Run[]): Summary {
  const middle = (pick: (run: Run) => number | null, digits: number) => {
    const values = runs.map(pick).filter((value) => value !== null);
    return values.length === 0 ? null : round(median(values), digits);
  };
  return {
    reqPerSec: round(median(runs.map((run) => run.reqPerSec))),
    p50Ms: middle((run) => run.p50Ms, 1),
    p99Ms: middle((run) => run.p99Ms, 1),
    nodeMicros: middle((run) => run.nodeMicros, 1),
    postgresMicros: middle((run) => run.postgresMicros, 1),
    runs: runs.map((run) => round(run.reqPerSec)),
  };
}

/** How `subject` stands to the others; a contender that could not run gives no value, and no goal is missed by it. */
export function outcomes(subject: string, summaries: Record<string, Summary>, goals: readonly Goal[]): Outcome[] {
  const own = summaries[subject]?.reqPerSec;
  return goals.map(({ ratio, over, atLeast }) => {
    const other = summaries[over]?.reqPerSec;
    const value = own === undefined || other === undefined ? null : round(own / other, 2);
    return { ratio, value, goal: atLeast, reached: value === null ? null : value >= atLeast };
  });
}

export function ratiosOf(found: readonly Outcome[]): Record<string, number | null> {
  return Object.fromEntries(found.map(({ ratio, value }) => [ratio, value]));
}

const COLUMNS = ['req/s', 'p50 ms', 'p99 ms', 'Node µs', 'Postgres µs', 'runs'] as const;

/** For people. */
export function tableOf(labels: Record<string, string>, summaries: Record<string, Summary>): string {
  const rows = Object.entries(summaries).map(([name, summary]) => [
    labels[name] ?? name,
    ...[summary.reqPerSec, summary.p50Ms, summary.p99Ms, summary.nodeMicros, summary.postgresMicros].map((value) =>
      value === null ? '–' : value.toLocaleString('en-US'),
    ),
    summary.runs.join(' '),
  ]);
  return aligned([['', ...COLUMNS], ...rows]);
}

export function verdictsOf(found: readonly Outcome[]): string {
  const rows = found.map(({ ratio, value, goal, reached }) => [
    ratio,
    value === null ? '–' : String(value),
    `goal ${goal}`,
    reached === null ? 'not measured' : reached ? 'reached' : 'missed',
  ]);
  return aligned(rows);
}

/** A table whose first column is words and whose others are numbers. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map((cells) => `  ${cells.join('  ').trimEnd()}\n`)
    .join('');
}
