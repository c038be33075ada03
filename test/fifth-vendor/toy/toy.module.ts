import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { ConfigModule } from '../../../src/kernel/config/config.module.js';
import { provideEnv } from '../../../src/kernel/config/parse-env.js';
import { JobsModule } from '../../../src/kernel/jobs/jobs.module.js';
import { ProviderRegistry } from '../../../src/kernel/jobs/provider-registry.js';
import { ObservabilityModule } from '../../../src/kernel/observability/observability.module.js';
import { TeamsModule } from '../../../src/kernel/teams/teams.module.js';
import { SourceRegistry } from '../../../src/kernel/webhooks/source-registry.js';
import { WebhooksModule } from '../../../src/kernel/webhooks/webhooks.module.js';
import { DrawingController } from './drawing.controller.js';
import { ToyClient } from './toy.client.js';
import { ToyEnv } from './toy.env.js';
import { ToyProvider } from './toy.provider.js';
import { ToySource } from './toy.source.js';

/** Drawings, by the toy vendor. */
@Module({
  imports: [ConfigModule, ObservabilityModule, TeamsModule, JobsModule, WebhooksModule],
  controllers: [DrawingController],
  providers: [provideEnv(ToyEnv), ToyClient, ToyProvider, ToySource],
})
export class ToyModule implements OnModuleInit {
  static readonly env = [ToyEnv] as const;

  constructor(
    private readonly providers: ProviderRegistry,
    private readonly sources: SourceRegistry,
    private readonly provider: ToyProvider,
    private readonly source: ToySource,
  ) {}

  onModuleInit(): void {
    this.providers.register(this.provider);
    this.sources.register(this.source);
  }
}
