import { answerQuestions } from '../child.js';

/** What a contender in a process of its own is asked. */
export type ContenderQuestion = { ask: 'port' } | { ask: 'cpu' };

/** Runs a server in this process and answers the bench: at which port, and how much processor time it has used. */
export function contend(start: () => Promise<{ port: number; stop: () => Promise<void> }>): void {
  const started = start();
  answerQuestions<ContenderQuestion>(
    async ({ ask }) => {
      const { port } = await started;
      if (ask === 'port') return port;
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    async () => (await started).stop(),
  );
}
