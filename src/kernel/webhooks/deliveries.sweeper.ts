import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { Doorbell } from '../queue/doorbell.js';
import type { Sweeper } from '../queue/sweep.js';
import { processQueue } from './inbox.service.js';
import { SourceRegistry } from './source-registry.js';

const MAX_ROWS = 500;

/** Rings for notices that nobody has worked on, or whose worker vanished. */
@Injectable()
export class DeliveriesSweeper implements Sweeper {
  readonly name = 'deliveries';

  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
    private readonly sources: SourceRegistry,
    private readonly metrics: KernelMetrics,
  ) {}

  async sweep(): Promise<number> {
    const due = await this.database.query<{ id: string; provider: string; age: number }>(
      `select id, provider, extract(epoch from now() - due_at)::float8 as age
       from deliveries where due_at <= now() order by due_at limit $1`,
      [MAX_ROWS],
    );
    for (const provider of new Set(this.sources.all().map((source) => source.provider))) {
      const mine = due.filter((row) => row.provider === provider);
      this.metrics.queueDue.set({ queue: processQueue(provider) }, mine.length);
      this.metrics.queueOldest.set({ queue: processQueue(provider) }, mine[0]?.age ?? 0);
    }
    for (const row of due) this.doorbell.ring(processQueue(row.provider), row.id);
    return due.length;
  }
}
