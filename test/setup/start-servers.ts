import './resolve-ts.cjs'; // First: the imports below are found through it.
import startPostgres from './start-postgres.js';
import { HOW_TO_GET_REDIS, RedisServer, findRedisServer } from '../harness/redis-server.js';

declare global {
  var signalboxTestRedis: RedisServer | undefined;
}

/** Jest's globalSetup: one Postgres for all journeys of a run, and one Redis for those that go over Bull. */
export default async function startServers(): Promise<void> {
  await startPostgres();
  const given = process.env.REDIS_URL;
  // Only the journeys over Bull may see one.
  delete process.env.REDIS_URL;
  if (given) process.env.SIGNALBOX_TEST_REDIS_SERVER = given;
  else if (findRedisServer() === null) process.stderr.write(`Journeys over Bull are skipped: ${HOW_TO_GET_REDIS}\n`);
  else {
    globalThis.signalboxTestRedis = await RedisServer.start();
    process.env.SIGNALBOX_TEST_REDIS_SERVER = globalThis.signalboxTestRedis.url;
  }
}
