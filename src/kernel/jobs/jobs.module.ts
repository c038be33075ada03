import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../config/config.module.js';
import { provideEnv } from '../config/parse-env.js';
import { DatabaseModule } from '../database/database.module.js';
import { FilesModule } from '../files/files.module.js';
import { HttpModule } from '../http/http.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { TeamsModule } from '../teams/teams.module.js';
import { announcedTypes } from './announced-types.js';
import { AnnouncedJob } from './announced-job.js';
import { BatchArchive } from './batches/batch-archive.js';
import { BatchCancel } from './batches/batch-cancel.js';
import { BatchIntake } from './batches/batch-intake.js';
import { BatchKinds } from './batches/batch-kinds.js';
import { BatchOrders } from './batches/batch-orders.js';
import { BatchProgress } from './batches/batch-progress.js';
import { BatchQueries } from './batches/batch-queries.js';
import { Batch } from './batches/batch.entity.js';
import { BatchesController } from './batches/batches.controller.js';
import { Callback } from './callback.js';
import { FollowUp } from './follow-up.entity.js';
import { FollowUps } from './follow-ups.js';
import { JobEventHandlers } from './handlers/job-event-handlers.js';
import { InboxPort } from './inbox-port.js';
import { JobAnnouncements } from './job-announcements.js';
import { JobActs } from './job-acts.js';
import { JobAnswer } from './job-answer.js';
import { JobCancel } from './job-cancel.js';
import { EventTypes } from '../notifications/event-types.js';
import { RecordedEvent } from '../notifications/event.entity.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { JobImport } from './job-import.js';
import { JobIntake } from './job-intake.js';
import { JobOpening } from './job-opening.js';
import { JobQueries } from './job-queries.js';
import { JobSecrets } from './job-secrets.js';
import { JobSnapshot } from './job-snapshot.js';
import { JobRef } from './job-ref.entity.js';
import { JobRows } from './job-rows.js';
import { JobStreamController } from './job-stream.controller.js';
import { JobStream } from './job-stream.js';
import { Job } from './job.entity.js';
import { checkMoves } from './job-status.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { ProviderHolds } from './provider-holds.js';
import { ProviderRegistry } from './provider-registry.js';
import { PublishedEvents } from './published-events.js';
import { ProviderState } from './provider-state.entity.js';
import { JobResults } from './results/job-results.js';
import { KeptResults } from './results/kept-results.js';
import { ResultAnswer } from './results/result-answer.js';
import { ResultCopies } from './results/result-copies.js';
import { ResultController } from './results/result.controller.js';
import { ResultsEnv } from './results/results.env.js';
import { SettledWatch } from './settled-watch.js';
import { Timeline } from './timeline.js';
import { Turn } from './turn.entity.js';
import { VendorIds } from './vendor-ids.js';

@Module({
  imports: [
    DiscoveryModule,
    ConfigModule,
    ObservabilityModule,
    DatabaseModule,
    QueueModule,
    HttpModule,
    TeamsModule,
    FilesModule,
    NotificationsModule,
    TypeOrmModule.forFeature([Job, Batch, JobRef, RecordedEvent, FollowUp, Turn, ProviderState]),
  ],
  controllers: [JobsController, JobStreamController, ResultController, BatchesController],
  providers: [
    ProviderRegistry,
    Callback,
    JobSecrets,
    JobSnapshot,
    Timeline,
    AnnouncedJob,
    JobAnnouncements,
    InboxPort,
    SettledWatch,
    ProviderHolds,
    VendorIds,
    KeptResults,
    provideEnv(ResultsEnv),
    JobResults,
    ResultCopies,
    ResultAnswer,
    JobEventHandlers,
    FollowUps,
    JobsService,
    JobRows,
    JobOpening,
    JobIntake,
    JobQueries,
    JobStream,
    JobAnswer,
    JobCancel,
    JobActs,
    BatchProgress,
    BatchKinds,
    BatchOrders,
    BatchIntake,
    BatchQueries,
    BatchCancel,
    BatchArchive,
    JobImport,
    PublishedEvents,
  ],
  exports: [
    ProviderRegistry,
    PublishedEvents,
    Callback,
    JobSecrets,
    JobSnapshot,
    InboxPort,
    JobsService,
    JobOpening,
    JobQueries,
    JobAnswer,
    JobImport,
    ProviderHolds,
    KeptResults,
    JobResults,
    ResultCopies,
    BatchKinds,
    BatchIntake,
    SettledWatch,
    JobEventHandlers,
  ],
})
export class JobsModule implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly types: EventTypes,
  ) {}

  onModuleInit(): void {
    checkMoves();
  }

  /** Once all domains have registered their kinds. */
  onApplicationBootstrap(): void {
    this.types.add(announcedTypes(this.registry));
  }
}
