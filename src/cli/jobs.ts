import type { Command } from 'commander';
import { withKindAndLabel } from './event-filter.js';
import type { WatchOptions } from './jobs-watch.js';
import type { ServiceOptions } from './service-address.js';
import { withService } from './service-options.js';

/** `signalbox jobs show|watch`: a client of the REST API. */
export function jobsCommands(program: Command): void {
  const jobs = program.command('jobs').description('your team’s jobs, by a running service');
  withService(jobs.command('show <id>'))
    .description('one job as JSON')
    .action(async (id: string, options: ServiceOptions) => {
      const { showJob } = await import('./jobs-watch.js');
      await showJob(id, options);
    });
  withService(withKindAndLabel(jobs.command('watch [ids...]')))
    .description('a line for each change: of these jobs until they are settled (1 unless all succeeded), else of all')
    .action(async (ids: string[], options: WatchOptions) => {
      const { watchJobs } = await import('./jobs-watch.js');
      await watchJobs(ids, options);
    });
}
