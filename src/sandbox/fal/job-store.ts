import { appOf, type Job } from './job.js';

const LIMIT = 10_000;

export class JobStore {
  private readonly jobs = new Map<string, Job>();

  add(job: Job): void {
    this.jobs.set(job.requestId, job);
    const oldest = this.jobs.keys().next().value;
    if (this.jobs.size > LIMIT && oldest !== undefined) this.jobs.delete(oldest);
  }

  get(requestId: string): Job | undefined {
    return this.jobs.get(requestId);
  }

  all(): Job[] {
    return [...this.jobs.values()];
  }

  waitingFor(app: string): Job[] {
    return this.all().filter((job) => job.stage === 'IN_QUEUE' && appOf(job) === app);
  }

  /** How many of the same app come first; 0 is next. */
  positionOf(job: Job): number {
    return Math.max(0, this.waitingFor(appOf(job)).indexOf(job));
  }
}
