import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';

/** What a child answers with: a value, or why it could not. */
type Reply = { value: unknown } | { error: string };

export interface ChildOptions {
  args?: string[];
  env?: Record<string, string>;
  /** A file for what it prints; without it, it prints where we do. */
  output?: string;
  /** For Node itself. */
  flags?: string[];
}

/** A process of its own that answers one question at a time. */
export class Child {
  private constructor(private readonly process: ChildProcess) {}

  static start(module: string, { args = [], env = {}, output, flags = [] }: ChildOptions = {}): Child {
    const to = output === undefined ? 'inherit' : openSync(output, 'a');
    return new Child(
      fork(module, args, {
        env,
        execArgv: flags,
        serialization: 'advanced',
        stdio: ['ignore', to, 'inherit', 'ipc'],
      }),
    );
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  ask<T>(question: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null) => reject(new Error(`${this.process.spawnfile} ended with ${code}`));
      this.process.once('exit', gone);
      this.process.once('message', (reply: Reply) => {
        this.process.off('exit', gone);
        if ('error' in reply) reject(new Error(reply.error));
        else resolve(reply.value as T);
      });
      this.process.send(question);
    });
  }

  /** Closes the channel, which a child takes as the end, and waits for it. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    if (this.process.connected) this.process.disconnect();
    await ended;
  }
}

/** The child's side: answers questions until the channel closes, then runs `end`. */
export function answerQuestions<Q>(answer: (question: Q) => unknown, end: () => Promise<void> | void): void {
  process.on('message', (question: Q) => {
    Promise.resolve()
      .then(() => answer(question))
      .then(
        (value) => process.send?.({ value } satisfies Reply),
        (error: unknown) =>
          process.send?.({
            error: error instanceof Error ? (error.stack ?? error.message) : String(error),
          } satisfies Reply),
      );
  });
  process.on('disconnect', () => {
    void Promise.resolve(end()).finally(() => process.exit(0));
  });
}
