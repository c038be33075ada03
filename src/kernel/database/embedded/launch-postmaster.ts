import { spawn } from 'node:child_process';
import { AddressInfo, createServer } from 'node:net';
import { orOwnPostgres } from './embedded-postgres.error.js';
import { Binaries } from './postgres-binaries.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { processBirth, stillRuns } from './process-birth.js';
import { Account, programEnvironment, runProgram } from './run-program.js';
import { openServerLog } from './server-log.js';
import { until } from './until.js';

export interface Ending {
  exitCode: number | null;
  signal: string | null;
}

/** A server process that surely is ours. */
export interface Postmaster {
  pid: number;
  port: number;
  hasEnded(): Promise<boolean>;
  /** Known of a server that this process started itself. */
  ended?: Promise<Ending>;
}

export interface Launch {
  binaries: Binaries;
  account: Account | null;
  dataDir: string;
  arguments: string[];
  logFile: string;
  /** Told when the server ends, for whatever reason. */
  onEnd?: (how: { exitCode: number | null; signal: string | null }) => void;
  /** A process named in postmaster.pid that surely is not the server of this folder. */
  strangerPid: number | null;
}

/** Recovery after a crash reads what was written since the last checkpoint: a minute, with bad luck. */
export const PATIENCE_MS = 120_000;

/** Starts the server on a port and waits until it takes connections; null: it gave up, and its log says why. */
export async function launchPostmaster(launch: Launch, port: number): Promise<Postmaster | null> {
  const started = process.platform === 'win32' ? await byPgCtl(launch, port) : await directly(launch, port);
  if (started === null) return null;
  const outcome = await until(async () => {
    if (await started.hasEnded()) return 'ended' as const;
    const file = await readPostmasterPid(launch.dataDir);
    return file?.pid === started.pid && file.ready ? ('ready' as const) : undefined;
  }, PATIENCE_MS);
  if (outcome === undefined) {
    const { pid } = started;
    throw orOwnPostgres(`Postgres in ${launch.dataDir} (pid ${pid}) is still busy recovering; start again in a while`);
  }
  return outcome === 'ended' ? null : started;
}

async function directly(launch: Launch, port: number): Promise<Postmaster | null> {
  const log = await openServerLog(launch.logFile);
  try {
    // A group of its own: Ctrl-C in the terminal must reach the application, which still needs its database to end well.
    const child = spawn(launch.binaries.postgres, [...launch.arguments, '-p', String(port)], {
      cwd: launch.dataDir,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      // The name by which a server learns that this number in postmaster.pid is not its predecessor; unlike deleting
      // that file, it leaves Postgres's own check for survivors of the predecessor in force.
      env: {
        ...programEnvironment,
        ...(launch.strangerPid !== null && { PG_GRANDPARENT_PID: String(launch.strangerPid) }),
      },
      ...launch.account,
    });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    const ended = new Promise<Ending>((resolve) =>
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal })),
    );
    child.unref();
    if (child.pid === undefined) return null;
    return {
      pid: child.pid,
      port,
      ended,
      hasEnded: () => Promise.resolve(child.exitCode !== null || child.signalCode !== null),
    };
  } finally {
    await log.close();
  }
}

/** Windows: only pg_ctl can start a server for somebody with administrator rights. */
async function byPgCtl(launch: Launch, port: number): Promise<Postmaster | null> {
  await (await openServerLog(launch.logFile)).close();
  const options = [...launch.arguments.slice(2), '-p', String(port)].map((word) => `"${word}"`).join(' ');
  await runProgram(
    launch.binaries.pgCtl,
    ['start', '-W', '-s', '-D', launch.dataDir, '-l', launch.logFile, '-o', options],
    { account: null, cwd: launch.dataDir },
  );
  return until(async () => {
    const file = await readPostmasterPid(launch.dataDir);
    return file?.port === port ? postmasterByPid(file.pid, port) : undefined;
  }, 10_000).then((found) => found ?? null);
}

/** A server that this process did not start itself. */
export async function postmasterByPid(pid: number, port: number): Promise<Postmaster> {
  const birth = await processBirth(pid);
  return { pid, port, hasEnded: async () => birth === null || !(await stillRuns(pid, birth)) };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
