/** `old`: ten times over two hours. `new`: ever more slowly until the stored result expires. */
export type RetryPolicy = 'old' | 'new';

const MINUTE = 60_000;
const OLD_TRIES = 10;
const OLD_SPAN = 120 * MINUTE;
const MOST_TRIES = 31;
const SMALL = 10_000;
const SMALL_LIVES = 60 * MINUTE;
const LARGE_LIVES = 6 * MINUTE;
const FIRST_PAUSE = 5_000;
const GROWTH = 1.3;

/** Milliseconds before each retry of a notice whose body is that long. */
export function pausesFor(policy: RetryPolicy, bytes: number): number[] {
  if (policy === 'old') {
    const unit = OLD_SPAN / (2 ** OLD_TRIES - 1);
    return Array.from({ length: OLD_TRIES }, (_, n) => unit * 2 ** n);
  }
  let left = bytes < SMALL ? SMALL_LIVES : LARGE_LIVES;
  const pauses: number[] = [];
  for (let pause = FIRST_PAUSE; pause <= left && pauses.length < MOST_TRIES; pause *= GROWTH) {
    pauses.push(pause);
    left -= pause;
  }
  return pauses;
}
