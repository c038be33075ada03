import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What `embedded-process.ts` tells first. */
export interface Told {
  url: string;
  dataDir: string;
  pid: number;
  adopted: boolean;
  messages: string[];
  error?: string;
}

export interface SpawnedSignalbox {
  pid: number;
  first: Promise<Told>;
  /** All lines, when it has ended. */
  ended: Promise<{ exitCode: number | null; lines: string[] }>;
  stop(): void;
  kill(signal: NodeJS.Signals): void;
  /** To its whole process group, as a terminal does at Ctrl-C. */
  interruptGroup(): void;
}

/** Starts `embedded-process.ts` in a process (and a group) of its own. */
export function spawnSignalbox(
  home: string,
  { leave = false, uid }: { leave?: boolean; uid?: number } = {},
): SpawnedSignalbox {
  const child: ChildProcess = spawn(
    process.execPath,
    ['-r', join(__dirname, 'run-ts.cjs'), join(__dirname, 'embedded-process.ts'), home, ...(leave ? ['leave'] : [])],
    { stdio: ['pipe', 'pipe', 'inherit'], detached: true, ...(uid !== undefined && { uid, gid: uid }) },
  );
  const { pid, stdin, stdout } = child;
  if (pid === undefined || !stdin || !stdout) throw new Error('The process did not start');

  const lines: string[] = [];
  const first = new Promise<Told>((resolve, reject) => {
    createInterface(stdout).on('line', (line) => {
      lines.push(line);
      if (lines.length === 1) resolve(JSON.parse(line) as Told);
    });
    child.once('close', () => reject(new Error('It ended without a word')));
  });
  first.catch(() => undefined);
  const ended = new Promise<{ exitCode: number | null; lines: string[] }>((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, lines })),
  );
  return {
    pid,
    first,
    ended,
    stop: () => void stdin.write('stop\n'),
    kill: (signal) => void child.kill(signal),
    interruptGroup: () => void process.kill(-pid, 'SIGINT'),
  };
}
