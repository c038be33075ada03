/** Milliseconds as seconds with three decimals: `1.200`. Exact: nothing is rounded a second time. */
export function secondsOf(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** Milliseconds as `hh:mm:ss.ttt`, as WebVTT wants it; hours have more digits where they need them. */
export function timestampOf(ms: number): string {
  return `${clockOf(ms)}.${pad(ms % 1_000, 3)}`;
}

/** Milliseconds as `hh:mm:ss`, the part of the second that has not passed left out. */
export function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map((n) => pad(n, 2)).join(':');
}

/** Milliseconds for people: `6.2 s`, `5 min 12 s`, `2 h 03 min`. */
export function lengthOf(ms: number): string {
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60, 2)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60, 2)} min`;
}

const pad = (value: number, digits: number) => String(value).padStart(digits, '0');
