import { explain } from './explain.js';

interface Running {
  stop(): Promise<void>;
}

/**
 * Starts, runs until SIGTERM or Ctrl-C, stops cleanly and exits with 0; a second signal ends it at once. What goes wrong
 * at the start is told in sentences, with exit status 1.
 */
export async function runUntilStopped(start: () => Promise<Running>): Promise<void> {
  let running: Running | null = null;
  let asked = 0;
  const stop = async (code: number) => {
    asked += 1;
    if (asked > 1) process.exit(130);
    try {
      await running?.stop();
    } catch (error) {
      console.error(explain(error));
      process.exit(1);
    }
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  // Everything of worth is in Postgres: ending is safer than going on in an unknown state.
  process.on('unhandledRejection', (error) => {
    console.error(`unhandled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    void stop(1);
  });
  try {
    running = await start();
    // A signal that came while it was starting is obeyed now.
    if (asked > 0) await running.stop();
  } catch (error) {
    console.error(explain(error));
    process.exit(1);
  }
}
