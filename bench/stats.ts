/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error('the median of nothing');
  return (lower + upper) / 2;
}

/** The value that this share of all values does not exceed (nearest rank). */
export function quantile(values: Float64Array, share: number): number {
  const found = values.toSorted()[Math.max(0, Math.ceil(values.length * share) - 1)];
  if (found === undefined) throw new Error('a quantile of nothing');
  return found;
}

export function round(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}
