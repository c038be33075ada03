import { setTimeout as pause } from 'node:timers/promises';
import { orOwnPostgres } from './embedded-postgres.error.js';
import { freePort, Launch, launchPostmaster, Postmaster } from './launch-postmaster.js';
import { keepPreviousLog, lastWords } from './server-log.js';

const TRIES = 20;

/** Starts the server on a free port; asks for another one when somebody was faster. */
export async function startServer(launch: Launch, pickPort: () => Promise<number> = freePort): Promise<Postmaster> {
  let words = '';
  await keepPreviousLog(launch.logFile);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const postmaster = await launchPostmaster(launch, await pickPort());
    if (postmaster !== null) return postmaster;
    words = await lastWords(launch.logFile);
    const passes = whyItPasses(words);
    if (passes === null) break;
    if (passes === 'survivors') await pause(500);
  }
  if (whyItPasses(words) === 'survivors') {
    throw orOwnPostgres(
      `A Postgres that was killed left sessions behind which still work on ${launch.dataDir}; ` +
        `wait for them or end the processes named "postgres: signalbox"`,
    );
  }
  throw orOwnPostgres(
    `Postgres does not start on the database in ${launch.dataDir}: "${words}" (its log: ${launch.logFile}); ` +
      `repair that, restore a backup, move the folder away to begin anew`,
  );
}

/** Reasons that go away by themselves: a port that was just taken, sessions of a killed server that are still ending. */
export function whyItPasses(words: string): 'port' | 'survivors' | null {
  if (/could not create any TCP\/IP sockets|Address already in use/.test(words)) return 'port';
  return /pre-existing shared memory block/.test(words) ? 'survivors' : null;
}
