import { Module } from '@nestjs/common';
import { destinations } from './destinations/enabled.js';
import { domains } from './domains/enabled.js';
import { FilesModule } from './kernel/files/files.module.js';
import { JobsWorkerModule } from './kernel/jobs/jobs-worker.module.js';
import { NotificationsWorkerModule } from './kernel/notifications/notifications-worker.module.js';
import { WebhooksWorkerModule } from './kernel/webhooks/webhooks-worker.module.js';
import { OperationsModule } from './operations.module.js';

/** Everything that works: submits, checks, notices, the sweep. */
@Module({
  imports: [
    OperationsModule,
    FilesModule,
    ...domains,
    ...destinations,
    JobsWorkerModule,
    NotificationsWorkerModule,
    WebhooksWorkerModule,
  ],
})
export class WorkerModule {}
