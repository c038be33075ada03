import { spawn } from 'node:child_process';

/** The account a Postgres program runs as; null: the one that Node runs as. */
export interface Account {
  uid: number;
  gid: number;
}

export interface ProgramResult {
  /** null: it was ended by a signal, or never started. */
  exitCode: number | null;
  output: string;
  /** What the operating system said when the program could not be started at all. */
  startError?: NodeJS.ErrnoException;
}

// A bare environment: PG* and LD_* variables of the shell must not steer these programs. Windows needs its own to start anything.
export const programEnvironment: Record<string, string> | undefined =
  process.platform === 'win32' ? undefined : { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Runs a program to its end and collects what it wrote; never throws. */
export function runProgram(
  file: string,
  args: string[],
  place: { account: Account | null; cwd: string; input?: string },
): Promise<ProgramResult> {
  return new Promise<ProgramResult>((resolve) => {
    let output = '';
    const child = spawn(file, args, {
      cwd: place.cwd,
      env: programEnvironment,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...place.account,
    });
    child.on('error', (startError) => resolve({ exitCode: null, output, startError }));
    child.on('close', (exitCode) => resolve({ exitCode, output }));
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.on('error', () => undefined); // It may end without reading its input: the exit code tells.
    child.stdin.end(place.input ?? '');
    // Node throws some refusals (no right to become that account) and emits the others.
  }).catch((startError: NodeJS.ErrnoException) => ({ exitCode: null, output: '', startError }));
}
