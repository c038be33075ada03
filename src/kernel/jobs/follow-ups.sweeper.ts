import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Doorbell } from '../queue/doorbell.js';
import type { Sweeper } from '../queue/sweep.js';
import { followUpQueue, followUpRow } from './follow-ups.js';
import { ProviderRegistry } from './provider-registry.js';

const MAX_ROWS = 500;

/** Rings for what has to follow and was not done. */
@Injectable()
export class FollowUpsSweeper implements Sweeper {
  readonly name = 'follow-ups';

  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly registry: ProviderRegistry,
    private readonly metrics: KernelMetrics,
  ) {}

  async sweep(): Promise<number> {
    const due = await this.database.query<{ jobId: string; event: string; provider: string; age: number }>(
      `select job_id as "jobId", event, provider, extract(epoch from now() - due_at)::float8 as age
       from follow_ups where due_at <= now() order by due_at limit $1`,
      [MAX_ROWS],
    );
    for (const { name } of this.registry.all()) {
      const mine = due.filter((row) => row.provider === name);
      this.metrics.queueDue.set({ queue: followUpQueue(name) }, mine.length);
      this.metrics.queueOldest.set({ queue: followUpQueue(name) }, mine[0]?.age ?? 0);
    }
    for (const row of due) this.doorbell.ring(followUpQueue(row.provider), followUpRow(row.jobId, row.event));
    return due.length;
  }
}
