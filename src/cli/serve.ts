import type { Command } from 'commander';
import { setEnvironment } from '../kernel/config/parse-env.js';
import { runUntilStopped } from './until-stopped.js';

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('serve the REST API, take notices in, work on jobs')
    .option('--port <port>', 'PORT of the environment, else 8000 (0 = any free one)')
    .option('--host <host>', 'HOST of the environment, else 0.0.0.0')
    .option('--debug', 'log everything')
    .action(async (options: { port?: string; host?: string; debug?: boolean }) => {
      if (options.port !== undefined) setEnvironment({ PORT: options.port });
      if (options.host !== undefined) setEnvironment({ HOST: options.host });
      if (options.debug) setEnvironment({ LOG_LEVEL: 'debug' });
      // The whole service: other commands need not wait for it to load.
      const { serve } = await import('../serve.js');
      await runUntilStopped(serve);
    });
}
