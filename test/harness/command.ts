import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from './eventually.js';

const PROGRAM = join(__dirname, '../../bin/signalbox.js');

export interface Ended {
  /** The signal or exit code that it ended with. */
  with: NodeJS.Signals | number | null;
  stdout: string;
  stderr: string;
}

export interface Where {
  /** Nothing of this process's own environment comes along but its way to programs. */
  env?: Record<string, string>;
  cwd?: string;
  /** Another than the one of this checkout. */
  program?: string;
}

/** `signalbox …` as a real process of its own, in a process group of its own, as a shell starts it. */
export class Command {
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  private over = false;

  private constructor(private readonly child: ReturnType<typeof spawn>) {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.stdout += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) => {
        this.over = true;
        resolve({ with: signal ?? code, stdout: this.stdout, stderr: this.stderr });
      }),
    );
  }

  static start(args: readonly string[], { env = {}, cwd, program = PROGRAM }: Where = {}): Command {
    return new Command(
      spawn(process.execPath, [program, ...args], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
        ...(cwd === undefined ? {} : { cwd }),
      }),
    );
  }

  /** Runs it to its end. */
  static run(args: readonly string[], where: Where = {}): Promise<Ended> {
    return Command.start(args, where).ended;
  }

  /** The lines of its log so far. */
  get log(): Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .slice(0, -1)
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  }

  /** The first line of its log that says so. */
  logged(message: string): Promise<Record<string, unknown>> {
    return eventually(
      `the log says "${message}"`,
      () => {
        const found = this.log.find((line) => line.msg === message);
        if (!found && this.over) return Promise.reject(new Error(`it has ended: ${this.stdout}${this.stderr}`));
        return Promise.resolve(found);
      },
      60_000,
    );
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.over) this.child.kill(signal);
  }

  /** To its whole process group, as a terminal does at Ctrl-C. */
  interrupt(): void {
    if (!this.over && this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGINT');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.signal(signal);
    return this.ended;
  }
}
