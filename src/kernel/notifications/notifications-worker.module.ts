import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { Sweep } from '../queue/sweep.js';
import { EndpointSecretsSweeper } from './endpoints/endpoint-secrets.sweeper.js';
import { EndpointsSweeper } from './endpoints/endpoints.sweeper.js';
import { NotificationsModule } from './notifications.module.js';
import { NotificationRows } from './sending/notification-rows.js';
import { NotificationsSweeper } from './sending/notifications.sweeper.js';
import { SendProcessor } from './sending/send.processor.js';
import { Sender } from './sending/sender.js';

/** The half of notifications that sends; the other half only answers requests. */
@Module({
  imports: [ConfigModule, ObservabilityModule, DatabaseModule, QueueModule, NotificationsModule],
  providers: [NotificationRows, Sender, SendProcessor, NotificationsSweeper, EndpointsSweeper, EndpointSecretsSweeper],
})
export class NotificationsWorkerModule implements OnApplicationBootstrap {
  constructor(
    private readonly sends: SendProcessor,
    private readonly sweeper: NotificationsSweeper,
    private readonly endpoints: EndpointsSweeper,
    private readonly secrets: EndpointSecretsSweeper,
    private readonly sweep: Sweep,
  ) {}

  onApplicationBootstrap(): void {
    this.sends.start();
    this.sweep.register(this.sweeper);
    this.sweep.register(this.endpoints);
    this.sweep.register(this.secrets);
  }
}
