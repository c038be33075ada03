import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until there is an answer or the time is up; undefined means that time ran out. */
export async function until<T>(
  ask: () => Promise<T | undefined>,
  withinMs: number,
  everyMs = 10,
): Promise<T | undefined> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() >= deadline) return answer;
    await pause(everyMs);
  }
}
