import { Module } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { NotificationsModule } from './notifications.module.js';

/** The half of notifications that sends; the other half only answers requests. */
@Module({ imports: [ConfigModule, ObservabilityModule, DatabaseModule, QueueModule, NotificationsModule] })
export class NotificationsWorkerModule {}
