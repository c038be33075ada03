import './resolve-ts.cjs';
import type {} from './start-postgres.js';

/** Jest's globalTeardown, in the same process as the setup. */
export default async function stopPostgres(): Promise<void> {
  await globalThis.signalboxTestServer?.close();
}
