import { Module } from '@nestjs/common';
import { destinations } from './destinations/enabled.js';
import { domains } from './domains/enabled.js';
import { FilesModule } from './kernel/files/files.module.js';
import { JobsModule } from './kernel/jobs/jobs.module.js';
import { NotificationsModule } from './kernel/notifications/notifications.module.js';
import { TeamsModule } from './kernel/teams/teams.module.js';
import { WebhooksModule } from './kernel/webhooks/webhooks.module.js';
import { OperationsModule } from './operations.module.js';

/** Everything that answers requests. */
@Module({
  imports: [
    OperationsModule,
    TeamsModule,
    FilesModule,
    NotificationsModule,
    JobsModule,
    WebhooksModule,
    ...domains,
    ...destinations,
  ],
})
export class ApiModule {}
