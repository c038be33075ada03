import type { Command } from 'commander';
import { filterFrom } from './replay-options.js';
import type { ReplayOptions } from './replay-options.js';
import { withService } from './service-options.js';

/** `signalbox replay ID…`, or by a filter: a client of the REST API, with a key of scope `operate`. */
export function replayCommand(program: Command): void {
  const command = program
    .command('replay [ids...]')
    .description('have kept notices worked on again by a running service: some by their ids, or all that fit')
    .option('--outcome <list>', 'closed as one of these, comma-separated: dead, mismatch, …')
    .option('--source <name>', 'of this source, such as pyannote')
    .option('--job <id>', 'of this job')
    .option('--after <when>', 'received after: 30m, 2h, 7d ago, or a time; needed without ids')
    .option('--before <when>', 'received before')
    .option('--reason <text>', 'why; kept with the deliveries and in the audit log')
    .option('--yes', 'run the plan; else it is only printed');
  withService(command, 'an API key with the scope operate; SIGNALBOX_KEY of the environment is safer').action(
    async (ids: string[], options: ReplayOptions) => {
      // Read before anything is sent.
      const filter = filterFrom(ids, options);
      const { replayNamed, replayFitting } = await import('./replay-run.js');
      await (filter ? replayFitting(filter, options) : replayNamed(ids, options));
    },
  );
}
