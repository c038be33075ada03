import { Module } from '@nestjs/common';
import { ConfigModule } from '../../kernel/config/config.module.js';
import { provideEnv } from '../../kernel/config/parse-env.js';
import { FilesModule } from '../../kernel/files/files.module.js';
import { HttpModule } from '../../kernel/http/http.module.js';
import { JobsModule } from '../../kernel/jobs/jobs.module.js';
import { ObservabilityModule } from '../../kernel/observability/observability.module.js';
import { QueueModule } from '../../kernel/queue/queue.module.js';
import { ModelsModule } from './models/models.module.js';
import { TeamsModule } from '../../kernel/teams/teams.module.js';
import { WebhooksModule } from '../../kernel/webhooks/webhooks.module.js';
import { FalEnv } from './fal.env.js';

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
    ModelsModule,
    WebhooksModule,
  ],
  providers: [provideEnv(FalEnv)],
})
export class TrainingModule {
  static readonly env = [FalEnv] as const;
}
