import { isSettled } from '../kernel/jobs/job-status.js';
import { EventFeed } from './event-feed.js';
import { streamPath } from './event-filter.js';
import type { FilterOptions } from './event-filter.js';
import { eventLine } from './event-line.js';
import { interrupted } from './interrupted.js';
import { Mistake } from './mistake.js';
import { serviceOf } from './service-address.js';
import type { ServiceOptions } from './service-address.js';
import { ServiceClient, endOf } from './service-client.js';
import type { JobSeen, Service } from './service-client.js';

export interface WatchOptions extends ServiceOptions, Pick<FilterOptions, 'kind' | 'label'> {}

const tell = (line: string) => console.error(line);
const MAY_BE_LAST = /\.(succeeded|failed|canceled|expired|imported)$/;

export async function showJob(id: string, options: ServiceOptions): Promise<void> {
  const client = new ServiceClient(serviceOf(options, interrupted()));
  console.log(JSON.stringify(await client.job(id), null, 2));
}

/** These jobs to their ends, each by its own stream; without any, what the team is told, until Ctrl-C. @throws {Mistake} */
export async function watchJobs(ids: readonly string[], options: WatchOptions): Promise<void> {
  const signal = interrupted();
  if (ids.length === 0) return watchTeam(serviceOf(options, signal), options);
  if (options.kind !== undefined || options.label !== undefined)
    throw new Mistake('--kind and --label choose among all jobs; leave them out where you name jobs');
  // One that cannot be watched ends them all.
  const all = new AbortController();
  signal.addEventListener('abort', () => all.abort());
  const service = serviceOf(options, all.signal);
  try {
    const jobs = await Promise.all([...new Set(ids)].map((id) => watchJob(service, id)));
    for (const job of jobs.filter(({ status }) => status !== 'succeeded')) {
      tell(endOf(job));
      process.exitCode = 1;
    }
  } catch (error) {
    all.abort();
    throw signal.aborted ? new Mistake('interrupted; what you watched goes on') : error;
  }
}

async function watchTeam(service: Service, options: WatchOptions): Promise<void> {
  tell(`watching ${service.url} until Ctrl-C`);
  for await (const event of new EventFeed(service, streamPath(options), tell).events()) console.log(eventLine(event));
}

/** The job once it is settled. @throws {Mistake} */
async function watchJob(service: Service, id: string): Promise<JobSeen> {
  const client = new ServiceClient(service);
  const path = `/v1/jobs/${encodeURIComponent(id)}/stream`;
  for await (const event of new EventFeed(service, path, tell).events()) {
    console.log(eventLine(event));
    if (!MAY_BE_LAST.test(event.type)) continue;
    const job = await client.job(id);
    // An expired job may have got a late word since, which is still to come.
    if (isSettled(job.status) && [`.${job.status}`, '.imported'].some((end) => event.type.endsWith(end))) return job;
  }
  if (service.signal.aborted) throw new Mistake('interrupted');
  return client.job(id);
}
