import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  EmbeddedPostgres,
  EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/kernel/database/embedded/embedded-postgres.js';
import { readPostmasterPid } from '../../src/kernel/database/embedded/postmaster-pid.js';
import { outsideRooms } from '../../src/kernel/database/embedded/quarters.js';
import { commandLine, processBirth } from '../../src/kernel/database/embedded/process-birth.js';
import { spawnSignalbox, SpawnedSignalbox } from './spawn-signalbox.js';

export const isRoot = process.getuid?.() === 0;
export const NOBODY = 65534;

/** Project folders for the tests of the built-in Postgres; `cleanUp` ends and removes everything that was made here. */
export class EmbeddedHomes {
  readonly messages: string[] = [];
  private readonly folders: string[] = [];
  private readonly servers: EmbeddedPostgres[] = [];
  private readonly processes: SpawnedSignalbox[] = [];

  /** A project folder that all may enter, as most are. */
  async make(below = tmpdir()): Promise<string> {
    const folder = await mkdtemp(join(below, 'signalbox-embedded-'));
    await chmod(folder, 0o755);
    const home = join(folder, '.signalbox');
    this.folders.push(folder, ...outsideRooms(home));
    return home;
  }

  async start(home: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
    const log = (message: string): unknown => this.messages.push(message);
    const server = await startEmbeddedPostgres({ home, durable: false, log, ...options });
    this.servers.push(server);
    return server;
  }

  spawn(home: string, options: { leave?: boolean; uid?: number } = {}): SpawnedSignalbox {
    const started = spawnSignalbox(home, options);
    this.processes.push(started);
    return started;
  }

  async cleanUp(): Promise<void> {
    for (const server of this.servers) await server.stop().catch(() => undefined);
    for (const { kill, ended } of this.processes) {
      kill('SIGKILL');
      await ended;
    }
    for (const folder of this.folders) {
      for (const data of [join('.signalbox', 'postgres', 'data'), 'data']) {
        const file = await readPostmasterPid(join(folder, data)).catch(() => null);
        if (file && (await commandLine(file.pid))?.includes(folder)) process.kill(file.pid, 'SIGQUIT');
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** The rows of one statement, over a connection of its own. */
export async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function isGone(pid: number): Promise<boolean> {
  return (await processBirth(pid)) === null;
}
