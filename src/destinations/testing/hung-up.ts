import { setTimeout as pause } from 'node:timers/promises';

const LIMIT_MS = 5_000;

/** Once nobody is connected any more. @throws when somebody still is after a while */
export async function hungUp(connections: () => number): Promise<void> {
  for (const start = Date.now(); connections() > 0; await pause(20)) {
    if (Date.now() - start > LIMIT_MS) throw new Error(`${connections()} connections are still open`);
  }
}
