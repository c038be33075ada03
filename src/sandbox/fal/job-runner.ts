import { type Fault, numberOf, stringOf } from '../faults/fault-store.js';
import type { Timers } from '../timers.js';
import type { Fate, Fates } from './fates.js';
import { type Job, log, type Outcome } from './job.js';
import type { Notices } from './notices.js';
import type { Training } from './outputs/training.js';
import { tqdm } from './progress.js';
import { priceOf, stepsOf, TRAINERS } from './trainers.js';
import type { Finding } from './validation.js';

const QUEUED = 4_000;
const TRAINS = 60_000;
const LINES = 20;

const CANCELED: Outcome = {
  code: 499,
  error: 'Request was cancelled by the client.',
  errorType: 'client_cancelled',
  detail: 'Request was cancelled by the client.',
};

/** Leads a job from the queue through its training to its end. */
export class JobRunner {
  constructor(
    private readonly training: Training,
    private readonly notices: Notices,
    private readonly fates: Fates,
    private readonly timers: Timers,
  ) {}

  start(job: Job): void {
    const { queued } = this.fates.of(job);
    this.timers.after(this.lasting(queued, QUEUED), () => void this.run(job));
  }

  /** The whole life of the job now; resolves when its notice has been answered. */
  async runAtOnce(job: Job): Promise<void> {
    await this.run(job, 0);
  }

  /** False when it is too late. */
  cancel(job: Job): boolean {
    if (job.stage === 'COMPLETED') return false;
    job.cancelRequested = true;
    if (this.fates.of(job)['deaf-to-cancel'] === undefined) void this.end(job, CANCELED);
    return true;
  }

  private async run(job: Job, lasts?: number): Promise<void> {
    if (job.stage !== 'IN_QUEUE') return;
    job.stage = 'IN_PROGRESS';
    job.startedAt = new Date().toISOString();
    log(job, 'Downloading training data');
    const refusal = await this.training.refusal(job);
    if (refusal !== null) return this.end(job, refusal);
    await this.train(job, lasts ?? this.lasting(this.fates.of(job).processing, TRAINS));
    const fate = this.fates.of(job);
    if (fate.hang !== undefined || isOver(job)) return;
    const outcome = fate.fail === undefined ? { output: this.training.output(job, fate) } : failure(fate.fail);
    return this.end(job, outcome);
  }

  private async train(job: Job, milliseconds: number): Promise<void> {
    const trainer = TRAINERS[job.endpoint];
    const steps = trainer === undefined ? 0 : stepsOf(trainer, job.input);
    for (let line = 1; line <= LINES && !isOver(job); line++) {
      await this.timers.wait(milliseconds / LINES);
      const step = Math.round((steps * line) / LINES);
      if (!isOver(job)) log(job, tqdm(step, steps, Date.now() - Date.parse(job.startedAt ?? '')), 'STDERR');
    }
  }

  private async end(job: Job, outcome: Outcome): Promise<void> {
    if (isOver(job)) return;
    const trainer = TRAINERS[job.endpoint];
    const paid = 'output' in outcome && trainer !== undefined ? priceOf(trainer, job.input) : 0;
    Object.assign(job, { stage: 'COMPLETED', outcome, paid, completedAt: new Date().toISOString() });
    const fate: Fate = this.fates.of(job);
    if (outcome === CANCELED && fate['notice-of-cancel'] === undefined) return;
    await this.notices.jobEnded(job);
  }

  private lasting(fault: Fault | undefined, usually: number): number {
    return fault === undefined ? this.timers.scaled(usually) : numberOf(fault, 'ms', 0);
  }
}

function isOver({ stage }: Job): boolean {
  return stage === 'COMPLETED';
}

function failure(fault: Fault): Outcome {
  const code = numberOf(fault, 'code', 500);
  const { detail = 'Internal Server Error' } = fault.params;
  const errorType = typeof fault.params.errorType === 'string' ? { errorType: fault.params.errorType } : {};
  const error = stringOf(fault, 'error', `Invalid status code: ${code}`);
  return { code, error, detail: detail as string | Finding[], ...errorType };
}
