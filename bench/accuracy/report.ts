import { COMPARED, type Comparison, type ComparedField } from './compare.js';

export interface Result {
  image: string;
  comparisons: Comparison[];
  cpuSeconds: number;
}

export interface Report {
  n: number;
  right: Record<ComparedField, number>;
  near: { merchant: number; address: number };
  cpuSecondsPerReceipt: number;
  misses: { image: string; field: ComparedField; read: string | null; expected: string; near: boolean }[];
}

export function reportOf(results: readonly Result[]): Report {
  const all = results.flatMap(({ comparisons }) => comparisons);
  const count = (field: ComparedField, is: 'right' | 'near') =>
    all.filter((one) => one.field === field && one[is]).length;
  const cpu = results.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  return {
    n: results.length,
    right: {
      total: count('total', 'right'),
      date: count('date', 'right'),
      merchant: count('merchant', 'right'),
      address: count('address', 'right'),
    },
    near: { merchant: count('merchant', 'near'), address: count('address', 'near') },
    cpuSecondsPerReceipt: Math.round((cpu / Math.max(1, results.length)) * 1000) / 1000,
    misses: results.flatMap(({ image, comparisons }) =>
      comparisons
        .filter(({ right }) => !right)
        .map(({ field, read, expected, near }) => ({ image, field, read, expected, near })),
    ),
  };
}

/** For people: a table, then every miss. */
export function printed(report: Report, results: readonly Result[], rssMegabytes: number): string {
  const rows = COMPARED.map((field) => {
    const of = results.filter(({ comparisons }) => comparisons.some((one) => one.field === field)).length;
    const near = field === 'merchant' || field === 'address' ? String(report.near[field]) : '';
    return `${field.padEnd(10)}${`${report.right[field]} of ${of}`.padEnd(12)}${near}`;
  });
  const misses = report.misses.map(
    ({ image, field, read, expected }) =>
      `${image} ${field}\n  read      ${read ?? '(nothing)'}\n  expected  ${expected}`,
  );
  return [
    `${report.n} receipts`,
    `${'field'.padEnd(10)}${'right'.padEnd(12)}at 0.9`,
    ...rows,
    `processor time ${report.cpuSecondsPerReceipt} s each, resident ${Math.round(rssMegabytes)} MB at most`,
    '',
    ...misses,
  ].join('\n');
}
