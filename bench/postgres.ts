import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedPostgres } from '../src/kernel/database/embedded/embedded-postgres.js';
import type { EmbeddedPostgres } from '../src/kernel/database/embedded/embedded-postgres.js';

/** A Postgres and a folder for one run; both are gone afterwards, also when it is interrupted. */
export async function withPostgres(
  settings: Record<string, string>,
  work: (postgres: EmbeddedPostgres, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  let postgres: EmbeddedPostgres | null = null;
  try {
    const home = join(folder, 'home');
    postgres = await startEmbeddedPostgres({ home, database: 'bench', durable: true, log: () => undefined, settings });
    const { stop } = postgres;
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void stop().then(() => process.exit(130)));
    await work(postgres, folder);
  } finally {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
    // Run by root, Postgres keeps its data outside of the folder.
    if (postgres && !postgres.dataDir.startsWith(folder))
      await rm(dirname(postgres.dataDir), { recursive: true, force: true });
  }
}
