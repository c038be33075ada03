import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from './eventually.js';

/** `signalbox serve` as a real process of its own, to be killed. */
export class ServiceProcess {
  /** The signal or exit code that it ended with. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  private over = false;
  private output = '';

  private constructor(
    private readonly child: ReturnType<typeof spawn>,
    readonly url: string,
  ) {
    const keep = (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-20_000));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.over = true;
        resolve(signal ?? code);
      });
    });
  }

  static start(env: Record<string, string>, port: number): ServiceProcess {
    const child = spawn(
      process.execPath,
      [join(__dirname, '../../bin/signalbox.js'), 'serve', '--port', String(port)],
      {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    return new ServiceProcess(child, `http://127.0.0.1:${port}`);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the service did not start');
    return this.child.pid;
  }

  /** Resolves when it is ready for traffic. */
  async ready(): Promise<this> {
    await eventually(
      'the service is ready',
      async () => {
        if (this.over) throw new Error(`it ended: ${this.output}`);
        return (await fetch(`${this.url}/health/ready`)).ok;
      },
      60_000,
    );
    return this;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.over) this.child.kill(signal);
    await this.ended;
  }
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
