import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { ConfigModule } from '../../kernel/config/config.module.js';
import { provideEnv } from '../../kernel/config/parse-env.js';
import { FilesModule } from '../../kernel/files/files.module.js';
import { HttpModule } from '../../kernel/http/http.module.js';
import { JobsModule } from '../../kernel/jobs/jobs.module.js';
import { ProviderRegistry } from '../../kernel/jobs/provider-registry.js';
import { ObservabilityModule } from '../../kernel/observability/observability.module.js';
import { QueueModule } from '../../kernel/queue/queue.module.js';
import { TeamsModule } from '../../kernel/teams/teams.module.js';
import { SourceRegistry } from '../../kernel/webhooks/source-registry.js';
import { WebhooksModule } from '../../kernel/webhooks/webhooks.module.js';
import { FalClient } from './fal.client.js';
import { FalEnv } from './fal.env.js';
import { FalHttp } from './fal.http.js';
import { TrainingImages } from './fal.images.js';
import { FalProvider } from './fal.provider.js';
import { FalRelaySource } from './fal-relay.source.js';
import { FalKeys } from './fal.keys.js';
import { FalPut } from './fal.put.js';
import { FalRequests } from './fal.requests.js';
import { FalSource } from './fal.source.js';
import { FalStorage } from './fal.storage.js';
import { ImagesOrders } from './images.orders.js';
import { ModelsModule } from './models/models.module.js';
import { TrainingAnswer } from './training.answer.js';
import { TrainingBatches } from './training.batches.js';
import { TrainingController } from './training.controller.js';
import { TrainingOrders } from './training.orders.js';
import { UploadedArchive } from './uploaded-archive.js';
import { UploadedPhotos } from './uploaded-photos.js';

/** Models that learn a face or a style from photos, trained by fal.ai. */
@Module({
  imports: [
    ConfigModule,
    ObservabilityModule,
    QueueModule,
    HttpModule,
    TeamsModule,
    FilesModule,
    JobsModule,
    WebhooksModule,
    ModelsModule,
  ],
  controllers: [TrainingController],
  providers: [
    provideEnv(FalEnv),
    FalHttp,
    FalClient,
    FalRequests,
    FalProvider,
    FalKeys,
    FalSource,
    FalRelaySource,
    FalPut,
    FalStorage,
    TrainingImages,
    UploadedArchive,
    UploadedPhotos,
    ImagesOrders,
    TrainingOrders,
    TrainingAnswer,
    TrainingBatches,
  ],
})
export class TrainingModule implements OnModuleInit {
  static readonly env = [FalEnv] as const;

  constructor(
    private readonly providers: ProviderRegistry,
    private readonly sources: SourceRegistry,
    private readonly provider: FalProvider,
    private readonly source: FalSource,
    private readonly relay: FalRelaySource,
  ) {}

  onModuleInit(): void {
    this.providers.register(this.provider);
    this.sources.register(this.source);
    this.sources.register(this.relay);
  }
}
