import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Postmaster } from './launch-postmaster.js';
import { stopPostmaster } from './stop-postmaster.js';

describe('stopPostmaster', () => {
  const children: ChildProcess[] = [];
  afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

  /** A process that does something else at a signal than to end. */
  async function stubborn(...ignored: string[]): Promise<Postmaster & { child: ChildProcess }> {
    const script = `${JSON.stringify(ignored)}.forEach((s) => process.on(s, () => {})); setInterval(() => {}, 1000); console.log('up')`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    if (child.stdout) await once(child.stdout, 'data');
    const hasEnded = (): Promise<boolean> => Promise.resolve(child.exitCode !== null || child.signalCode !== null);
    return { pid: child.pid ?? 0, port: 0, child, hasEnded };
  }
  const where = { dataDir: '/p/data', pgCtl: '' };

  it('asks first', async () => {
    const server = await stubborn();
    await stopPostmaster(server, where);
    expect(server.child.signalCode).toBe('SIGINT');
  });

  it('insists after a while', async () => {
    const server = await stubborn('SIGINT');
    await stopPostmaster(server, { ...where, patienceMs: 200 });
    expect(server.child.signalCode).toBe('SIGQUIT');
  });

  it('gives up on one that does not listen, and names it', async () => {
    const server = await stubborn('SIGINT', 'SIGQUIT');
    await expect(stopPostmaster(server, { ...where, patienceMs: 100 })).rejects.toThrow(
      `Postgres in /p/data (pid ${server.pid}) does not stop; end that process yourself`,
    );
  });

  it('sends no signal to a number whose process has ended', async () => {
    await stopPostmaster({ pid: process.pid, port: 0, hasEnded: () => Promise.resolve(true) }, where);
  });
});
