import './resolve-ts.cjs';
import type {} from './start-servers.js';
import stopPostgres from './stop-postgres.js';

/** Jest's globalTeardown, in the same process as the setup. */
export default async function stopServers(): Promise<void> {
  await globalThis.signalboxTestRedis?.kill();
  await stopPostgres();
}
