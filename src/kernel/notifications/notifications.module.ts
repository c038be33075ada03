import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { HttpModule } from '../http/http.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { TeamsModule } from '../teams/teams.module.js';
import { DestinationRegistry } from './destination-registry.js';
import { Endpoint } from './endpoints/endpoint.entity.js';
import { NotifySecrets } from './endpoints/notify-secrets.entity.js';
import { NotifyUrls } from './endpoints/notify-urls.js';
import { EventEpochs } from './event-epochs.js';
import { EventEpoch } from './event-epoch.entity.js';
import { EventLog } from './event-log.js';
import { EventTypes } from './event-types.js';
import { RecordedEvent } from './event.entity.js';
import { NotificationPlan } from './notification-plan.js';
import { NotificationAttempt } from './sending/notification-attempt.entity.js';
import { Notification } from './sending/notification.entity.js';
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
  controllers: [StreamController],
  providers: [
    EventTypes,
    EventEpochs,
    EventLog,
    NotificationPlan,
    DestinationRegistry,
    NotifyUrls,
    StreamBell,
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
  exports: [EventTypes, EventLog, StreamBell, DestinationRegistry, NotifyUrls, TailReader, Streams],
})
export class NotificationsModule {}
