import { orOwnPostgres } from './embedded-postgres.error.js';
import { Postmaster } from './launch-postmaster.js';
import { runProgram } from './run-program.js';
import { until } from './until.js';

const PATIENCE_MS = 10_000;

/** Ends a server: first it may finish its work (INT: sessions are cut, data is written), then it has to (QUIT: as after a crash). */
export async function stopPostmaster(
  postmaster: Postmaster,
  { dataDir, pgCtl, patienceMs = PATIENCE_MS }: { dataDir: string; pgCtl: string; patienceMs?: number },
): Promise<void> {
  for (const signal of ['INT', 'QUIT']) {
    if (await postmaster.hasEnded()) return;
    await send(signal, postmaster.pid, pgCtl);
    if (await until(async () => (await postmaster.hasEnded()) || undefined, patienceMs)) return;
  }
  throw orOwnPostgres(`Postgres in ${dataDir} (pid ${postmaster.pid}) does not stop; end that process yourself`);
}

async function send(signal: string, pid: number, pgCtl: string): Promise<void> {
  // Windows has no signals; Postgres listens for them on a pipe there.
  if (process.platform === 'win32') await runProgram(pgCtl, ['kill', signal, String(pid)], { account: null, cwd: '.' });
  else process.kill(pid, `SIG${signal}`);
}
