import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../../src/kernel/database/embedded/embedded-postgres.js';

export interface TestServer {
  /** Reaches the whole server, to make a database per test file. */
  url: string;
  close(): Promise<void>;
}

const PREFIX = 'signalbox-test-';
/** Of the journeys that start Postgres themselves; the home is a folder below. */
const PREFIX_OF_PROJECTS = 'signalbox-embedded-';
/** A neighbour's run may be just about to fill its folder, and its journeys kill their servers on purpose. */
const YOUNG_MS = 10 * 60_000;

const quiet = (): void => undefined;

/** The Postgres of one test run: TEST_DATABASE_URL, or one of its own in a folder of its own. */
export async function startTestServer(): Promise<TestServer> {
  const own = process.env.TEST_DATABASE_URL;
  if (own) return { url: own, close: () => Promise.resolve() };

  await removeDeadRuns();
  const home = await mkdtemp(join(tmpdir(), PREFIX));
  const server = await startEmbeddedPostgres({ home, database: 'postgres', durable: false, log: quiet });
  return {
    url: server.url,
    close: async () => {
      await server.stop();
      await removeHome(home, server.dataDir);
    },
  };
}

/** A run that was killed leaves its folder, and a server that goes on: its lock says that nobody is there any more. */
async function removeDeadRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    const home = name.startsWith(PREFIX_OF_PROJECTS) ? join(folder, '.signalbox') : folder;
    if (home === folder && !name.startsWith(PREFIX)) continue;
    try {
      if (!(await isMineAndDead(home, home === folder))) continue;
      const server = await startEmbeddedPostgres({ home, database: 'postgres', durable: false, log: quiet });
      await server.stop();
      await removeHome(home, server.dataDir);
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (!(error instanceof EmbeddedPostgresError)) throw error; // In use by a run beside this one, or beyond repair.
    }
  }
}

async function isMineAndDead(home: string, ofARun: boolean): Promise<boolean> {
  const found = await stat(home).catch(() => null);
  if (found === null || found.uid !== process.getuid?.()) return false;
  if (Date.now() - found.mtimeMs > YOUNG_MS) return true;
  return ofARun && (await readdir(home)).includes('postgres.json');
}

async function removeHome(home: string, dataDir: string): Promise<void> {
  await rm(home, { recursive: true, force: true });
  if (!dataDir.startsWith(home)) await rm(dirname(dataDir), { recursive: true, force: true });
}
