import { type Job, type JobStatus, isEnded } from './job.js';

export interface JobPage {
  items: { id: string; status: JobStatus; createdAt: string }[];
  nextCursor: string | null;
}

const LIMIT = 50_000;

export class JobStore {
  private readonly jobs = new Map<string, Job>();

  add(job: Job): void {
    this.jobs.set(job.jobId, job);
    if (this.jobs.size > LIMIT) this.dropOldest();
  }

  get(jobId: string): Job | undefined {
    return this.jobs.get(jobId);
  }

  all(): Job[] {
    return [...this.jobs.values()];
  }

  /** Newest first; the cursor is the last job of the page before. null when there is no such job. */
  page(limit: number, cursor: string | undefined, status: JobStatus | undefined): JobPage | null {
    const newest = this.all().reverse();
    const start = cursor === undefined ? 0 : newest.findIndex((job) => job.jobId === cursor) + 1;
    if (cursor !== undefined && start === 0) return null;
    const rest = newest.slice(start).filter((job) => status === undefined || job.status === status);
    const items = rest
      .slice(0, limit)
      .map(({ jobId, status: now, createdAt }) => ({ id: jobId, status: now, createdAt }));
    return { items, nextCursor: rest.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  private dropOldest(): void {
    for (const job of this.jobs.values()) {
      if (!isEnded(job)) continue;
      this.jobs.delete(job.jobId);
      return;
    }
  }
}
