import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../../kernel/config/config.module.js';
import { provideEnv } from '../../kernel/config/parse-env.js';
import { ServiceEnv } from '../../kernel/config/service.env.js';
import { DatabaseModule } from '../../kernel/database/database.module.js';
import { FilesModule } from '../../kernel/files/files.module.js';
import { HttpModule } from '../../kernel/http/http.module.js';
import { BatchKinds } from '../../kernel/jobs/batches/batch-kinds.js';
import { JobsModule } from '../../kernel/jobs/jobs.module.js';
import { ProviderRegistry } from '../../kernel/jobs/provider-registry.js';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { ObservabilityModule } from '../../kernel/observability/observability.module.js';
import { QueueModule } from '../../kernel/queue/queue.module.js';
import { Sweep } from '../../kernel/queue/sweep.js';
import { TeamsModule } from '../../kernel/teams/teams.module.js';
import { SourceRegistry } from '../../kernel/webhooks/source-registry.js';
import { WebhooksModule } from '../../kernel/webhooks/webhooks.module.js';
import { AudioOrders } from './audio.orders.js';
import { DiarizationController } from './diarization.controller.js';
import { DiarizationRequest } from './diarization.dto.js';
import { DiarizationOrders } from './diarization.orders.js';
import { IdentificationController } from './identification.controller.js';
import { IdentificationRequest } from './identification.dto.js';
import { IdentificationOrders } from './identification.orders.js';
import { KnownSpeakers } from './known-speakers.js';
import { PyannoteClient } from './pyannote.client.js';
import { PyannoteEnv } from './pyannote.env.js';
import { PyannoteHttp } from './pyannote.http.js';
import { PyannoteLimits } from './pyannote.limits.js';
import { PyannoteProvider } from './pyannote.provider.js';
import { PyannoteSource } from './pyannote.source.js';
import { PyannoteStorage } from './pyannote.storage.js';
import { PyannoteUploads } from './pyannote.uploads.js';
import { refuseSampleSecret } from './sample-secret.js';
import { UploadedAudio } from './uploaded-audio.js';
import { VoiceprintController } from './voiceprint.controller.js';
import { VoiceprintRequest } from './voiceprint.dto.js';
import { Voiceprint } from './voiceprint.entity.js';
import { VoiceprintOrders } from './voiceprint.orders.js';
import { VoiceprintSweeper } from './voiceprint.sweeper.js';
import { VoiceprintLibrary } from './voiceprint-library.js';

/** Who speaks, and whose voice it is, by pyannoteAI. */
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
    DatabaseModule,
    TypeOrmModule.forFeature([Voiceprint]),
  ],
  controllers: [DiarizationController, IdentificationController, VoiceprintController],
  providers: [
    provideEnv(PyannoteEnv),
    PyannoteLimits,
    PyannoteHttp,
    PyannoteStorage,
    PyannoteClient,
    PyannoteUploads,
    PyannoteProvider,
    PyannoteSource,
    UploadedAudio,
    AudioOrders,
    DiarizationOrders,
    IdentificationOrders,
    VoiceprintOrders,
    VoiceprintLibrary,
    VoiceprintSweeper,
    KnownSpeakers,
  ],
})
export class SpeakersModule implements OnApplicationBootstrap, OnModuleInit {
  static readonly env = [PyannoteEnv] as const;

  constructor(
    private readonly providers: ProviderRegistry,
    private readonly sources: SourceRegistry,
    private readonly batches: BatchKinds,
    private readonly diarizations: DiarizationOrders,
    private readonly identifications: IdentificationOrders,
    private readonly voiceprints: VoiceprintOrders,
    private readonly provider: PyannoteProvider,
    private readonly source: PyannoteSource,
    private readonly env: PyannoteEnv,
    private readonly service: ServiceEnv,
    private readonly logger: AppLogger,
    private readonly sweep: Sweep,
    private readonly prints: VoiceprintSweeper,
  ) {}

  onModuleInit(): void {
    const secrets = this.env.PYANNOTEAI_WEBHOOK_SECRETS;
    const production = this.service.NODE_ENV === 'production';
    refuseSampleSecret({ secrets, production }, (fault) => this.logger.warn(fault));
    this.providers.register(this.provider);
    this.sources.register(this.source);
    const { batches, diarizations, identifications, voiceprints } = this;
    batches.register('diarization', DiarizationRequest, (team, wanted) => diarizations.newJob(team, wanted));
    batches.register('identification', IdentificationRequest, (team, wanted) => identifications.newJob(team, wanted));
    batches.register('voiceprint', VoiceprintRequest, (team, wanted) => voiceprints.newJob(team, wanted), ['label']);
  }

  onApplicationBootstrap(): void {
    this.sweep.register(this.prints);
  }
}
