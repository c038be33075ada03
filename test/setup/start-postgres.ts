import './resolve-ts.cjs'; // First: the imports below are found through it.
import { buildOnce } from './build-once.js';
import { startTestServer, TestServer } from './test-server.js';

declare global {
  var signalboxTestServer: TestServer | undefined;
}

/** Jest's globalSetup: one build and one Postgres for all journeys of a run. */
export default async function startPostgres(): Promise<void> {
  buildOnce();
  const server = await startTestServer();
  globalThis.signalboxTestServer = server;
  process.env.SIGNALBOX_TEST_POSTGRES = server.url;
}
