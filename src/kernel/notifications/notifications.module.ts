import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { HttpModule } from '../http/http.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { TeamsModule } from '../teams/teams.module.js';
import { DestinationRegistry } from './destination-registry.js';
import { EndpointHealth } from './endpoints/endpoint-health.js';
import { DefaultSecretController } from './endpoints/default-secret.controller.js';
import { DefaultSecrets } from './endpoints/default-secrets.js';
import { EndpointActs } from './endpoints/endpoint-acts.js';
import { EndpointAudit } from './endpoints/endpoint-audit.js';
import { EndpointChanges } from './endpoints/endpoint-changes.js';
import { EndpointIntake } from './endpoints/endpoint-intake.js';
import { EndpointPlaces } from './endpoints/endpoint-places.js';
import { EndpointQueries } from './endpoints/endpoint-queries.js';
import { EndpointRows } from './endpoints/endpoint-rows.js';
import { EndpointRules } from './endpoints/endpoint-rules.js';
import { EndpointSecrets } from './endpoints/endpoint-secrets.js';
import { Endpoint } from './endpoints/endpoint.entity.js';
import { EndpointsController } from './endpoints/endpoints.controller.js';
import { EventTypesController } from './endpoints/event-types.controller.js';
import { NotifySecrets } from './endpoints/notify-secrets.entity.js';
import { NotifyUrls } from './endpoints/notify-urls.js';
import { EventEpochs } from './event-epochs.js';
import { EventEpoch } from './event-epoch.entity.js';
import { EventLog } from './event-log.js';
import { EventTypes } from './event-types.js';
import { RecordedEvent } from './event.entity.js';
import { NotificationPlan } from './notification-plan.js';
import { NotificationAttempt } from './sending/notification-attempt.entity.js';
import { NotificationQueries } from './sending/notification-queries.js';
import { Notification } from './sending/notification.entity.js';
import { NotificationsController } from './sending/notifications.controller.js';
import { Redelivery } from './sending/redelivery.js';
import { WebhookDestination } from './sending/webhook.destination.js';
import { EventPlaces } from './stream/event-places.js';
import { EventReader } from './stream/event-reader.js';
import { OpenStreams } from './stream/open-streams.js';
import { StreamBell } from './stream/stream-bell.js';
import { StreamHistory } from './stream/stream-history.js';
import { StreamNotifier } from './stream/stream-notifier.js';
import { StreamSignal } from './stream/stream-signal.js';
import { StreamStarts } from './stream/stream-start.js';
import { StreamController } from './stream/stream.controller.js';
import { Streams } from './stream/streams.js';
import { TailReader } from './stream/tail-reader.js';

/** Events and who hears of them. */
@Module({
  imports: [
    ConfigModule,
    ObservabilityModule,
    DatabaseModule,
    QueueModule,
    HttpModule,
    TeamsModule,
    TypeOrmModule.forFeature([RecordedEvent, EventEpoch, Endpoint, NotifySecrets, Notification, NotificationAttempt]),
  ],
  controllers: [
    DefaultSecretController,
    EndpointsController,
    EventTypesController,
    NotificationsController,
    StreamController,
  ],
  providers: [
    EventTypes,
    EventLog,
    NotificationPlan,
    StreamBell,
    DestinationRegistry,
    WebhookDestination,
    NotifyUrls,
    EndpointSecrets,
    DefaultSecrets,
    EndpointRules,
    EndpointPlaces,
    EndpointRows,
    EndpointAudit,
    EndpointQueries,
    EndpointIntake,
    EndpointChanges,
    EndpointActs,
    EndpointHealth,
    NotificationQueries,
    Redelivery,
    EventEpochs,
    StreamNotifier,
    StreamSignal,
    EventReader,
    EventPlaces,
    TailReader,
    StreamHistory,
    StreamStarts,
    OpenStreams,
    Streams,
  ],
  exports: [
    EventTypes,
    EventLog,
    StreamBell,
    DestinationRegistry,
    NotifyUrls,
    EndpointSecrets,
    EndpointQueries,
    EndpointHealth,
    TailReader,
    Streams,
  ],
})
export class NotificationsModule implements OnModuleInit {
  constructor(
    private readonly destinations: DestinationRegistry,
    private readonly webhook: WebhookDestination,
  ) {}

  onModuleInit(): void {
    this.destinations.register(this.webhook);
  }
}
