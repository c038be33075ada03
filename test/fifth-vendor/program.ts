import { spawn } from 'node:child_process';
import { eventually } from '../harness/eventually.js';

export interface ProgramOptions {
  cwd: string;
  env?: Record<string, string | undefined>;
  uid?: number;
}

/** A real process of some built project, with everything that it said. */
export class Program {
  /** The signal or the exit code that it ended with. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  output = '';
  stdout = '';
  private over = false;

  private constructor(private readonly child: ReturnType<typeof spawn>) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-20_000)));
    }
    this.ended = new Promise((ended, failed) => {
      child.once('error', failed);
      child.once('close', (code, signal) => {
        this.over = true;
        ended(signal ?? code);
      });
    });
  }

  /** With the environment that is given and nothing else but PATH and HOME. */
  static start([command, ...args]: readonly [string, ...string[]], { cwd, env, uid }: ProgramOptions): Program {
    const { PATH, HOME } = process.env;
    const identity = uid === undefined ? {} : { uid, gid: uid };
    return new Program(
      spawn(command, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'], ...identity }),
    );
  }

  /** Runs it to its end. Returns its standard output. @throws with all that it said when it ended badly */
  static async run(command: readonly [string, ...string[]], options: ProgramOptions): Promise<string> {
    const program = Program.start(command, options);
    const end = await program.ended;
    if (end !== 0) throw new Error(`${command.join(' ')} ended with ${end}:\n${program.output}`);
    return program.stdout;
  }

  async ready(url: string): Promise<this> {
    await eventually(
      `${url} is ready`,
      async () => {
        if (!this.over) return (await fetch(`${url}/health/ready`)).ok;
        throw new Error(`it ended:\n${this.output}`);
      },
      60_000,
    );
    return this;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<NodeJS.Signals | number | null> {
    if (!this.over) this.child.kill(signal);
    return this.ended;
  }
}
