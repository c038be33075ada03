import { AsyncLocalStorage } from 'node:async_hooks';

/** Ids that every log line under way carries: `requestId`, `jobId`, `deliveryId`, … */
export type LogContext = Record<string, string | number | undefined>;

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work` with these ids on every log line written inside it. */
export function withContext<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

/** The same without what the caller had: for work of its own, which only happens to be started from somebody else's. */
export function withContextOfItsOwn<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...context }, work);
}

export function currentContext(): LogContext {
  return storage.getStore() ?? {};
}
