import type { FaultStore } from '../faults/fault-store.js';
import { numberOf, stringOf } from '../faults/fault-store.js';
import type { Timers } from '../timers.js';
import { FATE_FAULTS, type FateFault, occasionOf, VENDOR } from './fault-catalogue.js';
import { type Job, isEnded, type Outcome } from './job.js';
import type { Notices } from './notices.js';

const CREATED = 2_000;
const ENDS = 20_000;
const OUTPUT_LIVES = 24 * 60 * 60 * 1000;
const NAMES = Object.keys(FATE_FAULTS) as FateFault[];

export type Work = (job: Job) => Promise<Outcome>;

/** Leads a job from created through running to its end. */
export class JobRunner {
  private readonly fates = new WeakMap<Job, Partial<Record<FateFault, ReturnType<FaultStore['take']>>>>();

  constructor(
    private readonly work: Work,
    private readonly notices: Notices,
    private readonly faults: FaultStore,
    private readonly timers: Timers,
  ) {}

  /** Faults without a job id are for the next submit; one that names the job may strike at any time. */
  decideFate(job: Job, naming: 'anyone' | 'this job'): void {
    const fate = this.fates.get(job) ?? {};
    this.fates.set(job, fate);
    for (const name of NAMES) {
      if (fate[name] !== undefined) continue;
      const suits = (fault: { match: { jobId?: string } }) => naming === 'anyone' || fault.match.jobId === job.jobId;
      fate[name] = this.faults.take(VENDOR, name, occasionOf(job), suits);
      if (fate[name] !== undefined) job.faults.push(name);
    }
    if (fate['result-gone'] !== undefined && isEnded(job)) job.outputGone = true;
  }

  isForgotten(job: Job): boolean {
    this.decideFate(job, 'this job');
    return this.fates.get(job)?.forget !== undefined;
  }

  start(job: Job): void {
    const { processing } = this.fates.get(job) ?? {};
    const ends = processing === undefined ? this.timers.scaled(ENDS) : numberOf(processing, 'ms', 0);
    const created =
      processing === undefined ? this.timers.scaled(CREATED) : Math.min(ends / 2, this.timers.scaled(CREATED));
    this.timers.after(created, () => void this.run(job, this.timers.wait(ends - created)));
  }

  /** The whole life of the job now; resolves when its notice has been answered. */
  async runAtOnce(job: Job): Promise<void> {
    await this.run(job, Promise.resolve());
  }

  private async run(job: Job, notBefore: Promise<void>): Promise<void> {
    job.status = 'running';
    job.updatedAt = new Date().toISOString();
    const [outcome] = await Promise.all([this.work(job), notBefore]);
    this.decideFate(job, 'this job');
    const { hang, cancel, fail } = this.fates.get(job) ?? {};
    if (hang !== undefined) return;
    if (cancel !== undefined) return this.end(job, { status: 'canceled', output: null });
    if (fail !== undefined) return this.end(job, failed(stringOf(fail, 'error', 'Processing of this job went wrong.')));
    return this.end(job, outcome);
  }

  private async end(job: Job, { status, output }: Outcome): Promise<void> {
    const now = new Date().toISOString();
    Object.assign(job, { status, output, updatedAt: now, completedAt: now });
    job.outputGone = this.fates.get(job)?.['result-gone'] !== undefined;
    this.timers.after(this.timers.scaled(OUTPUT_LIVES), () => (job.outputGone = true));
    await this.notices.jobEnded(job);
  }
}

export function failed(error: string): Outcome {
  return { status: 'failed', output: { error } };
}
