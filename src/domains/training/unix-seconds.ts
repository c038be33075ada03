/** Whole seconds as a header has them, short of the year 5138; null for everything else. */
export function secondsFrom(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,11}$/.test(header) ? Number(header) : null;
}
