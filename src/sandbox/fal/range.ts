export interface Slice {
  start: number;
  /** The first byte that is not part of it. */
  end: number;
}

/** One range of bytes (RFC 9110 section 14); null when there is none or it is to be ignored. */
export function readRange(header: string | undefined, size: number): Slice | 'unsatisfiable' | null {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return null;
  if (from === '') return Number(to) === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(to)), end: size };
  const slice = { start: Number(from), end: to === '' ? size : Math.min(size, Number(to) + 1) };
  if (slice.end <= slice.start && to !== '' && Number(to) < slice.start) return null;
  return slice.start >= size ? 'unsatisfiable' : slice;
}
