import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../../../kernel/config/config.module.js';
import { DatabaseModule } from '../../../kernel/database/database.module.js';
import { FilesModule } from '../../../kernel/files/files.module.js';
import { HttpModule } from '../../../kernel/http/http.module.js';
import { JobsModule } from '../../../kernel/jobs/jobs.module.js';
import { EventTypes } from '../../../kernel/notifications/event-types.js';
import { NotificationsModule } from '../../../kernel/notifications/notifications.module.js';
import { ObservabilityModule } from '../../../kernel/observability/observability.module.js';
import { TeamsModule } from '../../../kernel/teams/teams.module.js';
import { ModelCopies } from './model-copies.js';
import { ModelFile } from './model-file.entity.js';
import { MODEL_READY, ModelLibrary } from './model-library.js';
import { ModelMetrics } from './model-metrics.js';
import { ModelRows } from './model-rows.js';
import { ModelShelf } from './model-shelf.js';
import { Model } from './model.entity.js';
import { ModelsController } from './models.controller.js';

/** What trainings made, kept in our own storage. */
@Module({
  imports: [
    ConfigModule,
    ObservabilityModule,
    DatabaseModule,
    HttpModule,
    TeamsModule,
    FilesModule,
    NotificationsModule,
    JobsModule,
    TypeOrmModule.forFeature([Model, ModelFile]),
  ],
  controllers: [ModelsController],
  providers: [ModelMetrics, ModelRows, ModelCopies, ModelLibrary, ModelShelf],
  exports: [ModelLibrary],
})
export class ModelsModule implements OnApplicationBootstrap {
  constructor(private readonly types: EventTypes) {}

  onApplicationBootstrap(): void {
    this.types.add([{ type: MODEL_READY, about: 'a model is here with all its files' }]);
  }
}
