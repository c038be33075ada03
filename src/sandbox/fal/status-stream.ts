import type { Timers } from '../timers.js';
import type { Fates } from './fates.js';
import type { Job } from './job.js';
import type { JobStore } from './job-store.js';
import { stageOf, statusView } from './status.js';

const LOOKS = 500;
const SHORTEST_LOOK = 10;
const PING_AFTER = 20;

interface Rooms {
  jobs: JobStore;
  fates: Fates;
  timers: Timers;
}

/** Server-sent events: the status whenever it changed, each with the log lines since the one before. */
export async function* statusStream(job: Job, withLogs: boolean, { jobs, fates, timers }: Rooms) {
  let sent = '';
  let lines = 0;
  for (let quiet = 0; ; quiet++) {
    const fate = fates.of(job);
    const stage = stageOf(job, fate);
    const position = jobs.positionOf(job);
    const seen = `${stage} ${position} ${withLogs ? job.logs.length : 0}`;
    if (seen !== sent) {
      const logs = withLogs ? job.logs.slice(lines) : null;
      lines = job.logs.length;
      sent = seen;
      quiet = 0;
      yield `data: ${JSON.stringify(statusView(job, fate, { position, logs }))}\n\n`;
    }
    if (stage === 'COMPLETED') return;
    if (quiet === PING_AFTER) {
      quiet = 0;
      yield ': ping\n\n';
    }
    await timers.wait(Math.max(SHORTEST_LOOK, timers.scaled(LOOKS)));
  }
}
