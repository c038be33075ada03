import type { Command } from 'commander';
import { withKindAndLabel } from './event-filter.js';
import type { ListenOptions } from './listen-run.js';
import { withService } from './service-options.js';

/** `signalbox listen`: what the team is told, as it happens, to a program on this machine. */
export function listenCommand(program: Command): void {
  const command = program
    .command('listen')
    .description('print what your team is told as it happens, and send it on to an address of yours, signed')
    .option('--forward <url>', 'POST each event there, as a notification is sent; any address, also of this machine')
    .option(
      '--secret <secret>',
      'to sign with (whsec_…): SIGNALBOX_SECRET of the environment, else one is made and shown',
    )
    .option('--types <patterns>', 'event types and patterns such as *.failed, comma-separated (default: all)');
  withService(
    withKindAndLabel(command).option(
      '--since <time>',
      'begin with what happened at this time, ISO 8601 (default: now)',
    ),
  ).action(async (options: ListenOptions) => {
    const { listen } = await import('./listen-run.js');
    await listen(options);
  });
}
