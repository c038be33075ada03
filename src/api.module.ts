import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { domains } from './domains/enabled.js';
import { ConfigModule } from './kernel/config/config.module.js';
import { DatabaseModule } from './kernel/database/database.module.js';
import { FilesModule } from './kernel/files/files.module.js';
import { HealthModule } from './kernel/health/health.module.js';
import { HttpModule } from './kernel/http/http.module.js';
import { ProblemFilter } from './kernel/http/problem.filter.js';
import { JobsModule } from './kernel/jobs/jobs.module.js';
import { ObservabilityModule } from './kernel/observability/observability.module.js';
import { RequestInterceptor } from './kernel/observability/request.interceptor.js';
import { QueueModule } from './kernel/queue/queue.module.js';
import { TeamsModule } from './kernel/teams/teams.module.js';
import { WebhooksModule } from './kernel/webhooks/webhooks.module.js';
import { RootController } from './root.controller.js';

/** Everything that answers requests. */
@Module({
  imports: [
    ConfigModule,
    ObservabilityModule,
    DatabaseModule,
    QueueModule,
    HttpModule,
    HealthModule,
    TeamsModule,
    FilesModule,
    JobsModule,
    WebhooksModule,
    ...domains,
  ],
  controllers: [RootController],
  providers: [
    { provide: APP_FILTER, useExisting: ProblemFilter },
    { provide: APP_INTERCEPTOR, useExisting: RequestInterceptor },
  ],
})
export class ApiModule {}
