export interface Sample {
  along: number;
  off: number;
}

const FEWEST = 15;

/** Least squares, then again without the worst 30 %, four times; undefined with too few samples. */
export function fitLine(samples: readonly Sample[]): { start: number; slope: number } | undefined {
  if (samples.length < FEWEST) return undefined;
  let used = samples;
  let line = leastSquares(used);
  for (let round = 0; round < 3 && line; round++) {
    const { start, slope } = line;
    const miss = ({ along, off }: Sample) => Math.abs(off - start - slope * along);
    const misses = used.map(miss).sort((a, b) => a - b);
    const allowed = Math.max(0.8, misses[Math.floor(misses.length * 0.7)] ?? 0);
    const kept = used.filter((sample) => miss(sample) <= allowed);
    if (kept.length < 12) break;
    used = kept;
    line = leastSquares(used) ?? line;
  }
  return line;
}

function leastSquares(samples: readonly Sample[]): { start: number; slope: number } | undefined {
  const count = samples.length;
  let [x, y, xx, xy] = [0, 0, 0, 0];
  for (const { along, off } of samples) {
    x += along;
    y += off;
    xx += along * along;
    xy += along * off;
  }
  const spread = count * xx - x * x;
  if (Math.abs(spread) < 1e-6) return undefined;
  const slope = (count * xy - x * y) / spread;
  return { slope, start: (y - slope * x) / count };
}
