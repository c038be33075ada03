import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { Sweep } from '../queue/sweep.js';
import { DeliveryRows } from './delivery-rows.js';
import { DeliveriesSweeper } from './deliveries.sweeper.js';
import { NoticedWork } from './noticed-work.js';
import { Partitions } from './partitions.js';
import { ProcessProcessor } from './process.processor.js';
import { Refusals } from './refusals.js';
import { WebhooksModule } from './webhooks.module.js';

/** The half of webhooks that works; the other half only keeps. */
@Module({
  imports: [ConfigModule, ObservabilityModule, DatabaseModule, QueueModule, JobsModule, WebhooksModule],
  providers: [DeliveryRows, NoticedWork, ProcessProcessor, DeliveriesSweeper],
})
export class WebhooksWorkerModule implements OnApplicationBootstrap {
  constructor(
    private readonly processor: ProcessProcessor,
    private readonly deliveries: DeliveriesSweeper,
    private readonly partitions: Partitions,
    private readonly refusals: Refusals,
    private readonly sweep: Sweep,
  ) {}

  onApplicationBootstrap(): void {
    this.processor.start();
    for (const sweeper of [this.deliveries, this.partitions, this.refusals]) this.sweep.register(sweeper);
  }
}
