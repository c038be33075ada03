/** Looks often at first, then less: a hundred waits that look fifty times a second are a load of their own. */
const SOONEST = 20;
const LATEST = 100;

/** Waits for a state, never for a time: tries until it holds, or tells what it saw last when the deadline passes. */
export async function eventually<T>(
  what: string,
  read: () => Promise<T | undefined | null | false>,
  deadlineMs = 30_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  for (let pause = SOONEST; ; pause = Math.min(pause * 1.2, LATEST)) {
    try {
      const value = await read();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms; last seen: ${describe(last)}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value);
}
