interface Running {
  stop(): Promise<void>;
}

/** Starts something; `began` hands over early what is to be stopped, where the start goes on for longer. */
type Start = (began: (running: Running) => void) => Promise<Running>;

/**
 * Starts, runs until SIGTERM or Ctrl-C, stops cleanly and exits with 0; a signal that comes while it is starting is obeyed
 * as soon as there is something to stop, a second one ends it at once. What goes wrong at the start is told in sentences,
 * with exit status 1.
 */
export async function runUntilStopped(start: Start): Promise<void> {
  let asked = 0;
  const running = new Promise<Running>((began, failed) => {
    start(began).then(began, (error: unknown) => {
      failed(error instanceof Error ? error : new Error(String(error)));
      // What ends because it is being stopped is no news.
      if (asked === 0) void fail(error);
    });
  });
  const stop = async (code: number) => {
    asked += 1;
    if (asked > 1) process.exit(130);
    try {
      await (await running).stop();
    } catch (error) {
      return fail(error);
    }
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  // Everything of worth is in Postgres: ending is safer than going on in an unknown state.
  process.on('unhandledRejection', (error) => {
    console.error(`unhandled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    void stop(1);
  });
  await running.catch(() => undefined);
}

async function fail(error: unknown): Promise<never> {
  const { explain } = await import('./explain.js');
  console.error(explain(error));
  process.exit(1);
}
