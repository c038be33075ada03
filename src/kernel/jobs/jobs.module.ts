import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { HttpModule } from '../http/http.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { TeamsModule } from '../teams/teams.module.js';
import { Callback } from './callback.js';
import { FollowUp } from './follow-up.entity.js';
import { FollowUps } from './follow-ups.js';
import { InboxPort } from './inbox-port.js';
import { JobActs } from './job-acts.js';
import { JobAnswer } from './job-answer.js';
import { JobEvent } from './job-event.entity.js';
import { JobImport } from './job-import.js';
import { JobIntake } from './job-intake.js';
import { JobQueries } from './job-queries.js';
import { JobSecrets } from './job-secrets.js';
import { JobSnapshot } from './job-snapshot.js';
import { JobRef } from './job-ref.entity.js';
import { Job } from './job.entity.js';
import { checkMoves } from './job-status.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { ProviderHolds } from './provider-holds.js';
import { ProviderRegistry } from './provider-registry.js';
import { ProviderState } from './provider-state.entity.js';
import { SettledWatch } from './settled-watch.js';
import { Timeline } from './timeline.js';
import { Turn } from './turn.entity.js';
import { VendorIds } from './vendor-ids.js';

@Module({
  imports: [
    ConfigModule,
    ObservabilityModule,
    DatabaseModule,
    QueueModule,
    HttpModule,
    TeamsModule,
    TypeOrmModule.forFeature([Job, JobRef, JobEvent, FollowUp, Turn, ProviderState]),
  ],
  controllers: [JobsController],
  providers: [
    ProviderRegistry,
    Callback,
    JobSecrets,
    JobSnapshot,
    Timeline,
    InboxPort,
    SettledWatch,
    ProviderHolds,
    VendorIds,
    FollowUps,
    JobsService,
    JobIntake,
    JobQueries,
    JobAnswer,
    JobActs,
    JobImport,
  ],
  exports: [
    ProviderRegistry,
    Callback,
    JobSecrets,
    JobSnapshot,
    InboxPort,
    JobsService,
    JobQueries,
    JobAnswer,
    JobImport,
    ProviderHolds,
  ],
})
export class JobsModule implements OnModuleInit {
  onModuleInit(): void {
    checkMoves();
  }
}
