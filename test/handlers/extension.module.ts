import { Injectable, Module } from '@nestjs/common';
import { Database } from '../../src/kernel/database/database.js';
import { DatabaseModule } from '../../src/kernel/database/database.module.js';
import { OnJobEvent } from '../../src/kernel/jobs/handlers/on-job-event.js';
import type { HandledEvent, HandledJob } from '../../src/kernel/jobs/handlers/on-job-event.js';

export interface Call {
  handler: string;
  job: HandledJob;
  event: HandledEvent;
  /** What the table says of the job while the handler runs. */
  status?: string;
}

/** A team's own module: what it does is told by labels of the job, and what it did is kept for the test. */
@Injectable()
export class Extension {
  static readonly calls: Call[] = [];

  constructor(private readonly database: Database) {}

  @OnJobEvent('diarization.succeeded')
  async keep(job: HandledJob, event: HandledEvent) {
    const [row] = await this.database.query<{ status: string }>('select status from jobs where id = $1', [job.id]);
    Extension.calls.push({ handler: 'keep', job, event, status: row?.status });
  }

  /** Throws as often as the job's label says. */
  @OnJobEvent('diarization.*', { name: 'stumbles' })
  stumble(job: HandledJob, event: HandledEvent) {
    Extension.calls.push({ handler: 'stumble', job, event });
    if (event.attempt <= Number(job.labels.stumbles ?? 0)) throw new Error(`no \0 for the ${event.attempt}. time`);
  }

  @OnJobEvent('*.failed')
  mourn(job: HandledJob, event: HandledEvent) {
    Extension.calls.push({ handler: 'mourn', job, event });
  }

  /** Hangs at its first try, where the job's label says so. */
  @OnJobEvent('*', { timeout: 1 })
  async hang(job: HandledJob, event: HandledEvent) {
    Extension.calls.push({ handler: 'hang', job, event });
    if (job.labels.hangs !== 'yes' || event.attempt > 1) return;
    await new Promise((resolve) => event.signal.addEventListener('abort', resolve, { once: true }));
    // Nobody waits for it by now; what it says then is nobody's business any more.
    throw new Error('too late to be heard');
  }
}

@Module({ imports: [DatabaseModule], providers: [Extension] })
export class ExtensionModule {
  static readonly env = [] as const;
}
