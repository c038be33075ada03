import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { HttpModule } from '../http/http.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { TeamsModule } from '../teams/teams.module.js';
import { ArchiveController } from './archive.controller.js';
import { Archive } from './archive.js';
import { BulkReplays } from './bulk-replays.js';
import { DeliveryGone } from './delivery-gone.js';
import { DeliveryId } from './delivery-id.entity.js';
import { DeliveryReplay } from './delivery-replay.entity.js';
import { Delivery } from './delivery.entity.js';
import { InboxRepeats } from './inbox-repeats.js';
import { InboxService } from './inbox.service.js';
import { InboxWriter } from './inbox-writer.js';
import { NoticedJobs } from './noticed-jobs.js';
import { Partitions } from './partitions.js';
import { RefusalGate } from './refusal-gate.js';
import { Refusal } from './refusal.entity.js';
import { Refusals } from './refusals.js';
import { ReplayPlans } from './replay-plan.js';
import { ReplayRows } from './replay-rows.js';
import { ReplayController } from './replay.controller.js';
import { Replays } from './replays.js';
import { SignatureGuard } from './signature.guard.js';
import { SourceRegistry } from './source-registry.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({
  imports: [
    ConfigModule,
    ObservabilityModule,
    DatabaseModule,
    QueueModule,
    HttpModule,
    TeamsModule,
    JobsModule,
    TypeOrmModule.forFeature([Delivery, DeliveryId, DeliveryReplay, Refusal]),
  ],
  controllers: [WebhooksController, ArchiveController, ReplayController],
  providers: [
    SourceRegistry,
    Partitions,
    InboxWriter,
    InboxRepeats,
    InboxService,
    NoticedJobs,
    Refusals,
    RefusalGate,
    SignatureGuard,
    DeliveryGone,
    Archive,
    ReplayRows,
    ReplayPlans,
    Replays,
    BulkReplays,
  ],
  exports: [SourceRegistry, NoticedJobs, Partitions, Refusals, ReplayRows],
})
export class WebhooksModule implements OnModuleInit {
  constructor(private readonly partitions: Partitions) {}

  async onModuleInit(): Promise<void> {
    await this.partitions.ensureAhead();
  }
}
