import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../config/config.module.js';
import { provideEnv } from '../config/parse-env.js';
import { DatabaseModule } from '../database/database.module.js';
import { HealthModule } from '../health/health.module.js';
import { HttpModule } from '../http/http.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { Sweep } from '../queue/sweep.js';
import { TeamsModule } from '../teams/teams.module.js';
import { fileStore } from './choose-store.js';
import { FileDownload } from './file-download.js';
import { FileIntake } from './file-intake.js';
import { FilesController } from './files.controller.js';
import { FilesEnv } from './files.env.js';
import { FilesService } from './files.service.js';
import { FilesSpace } from './files-space.js';
import { FilesSweeper } from './files.sweeper.js';
import { FilesTidySweeper } from './files-tidy.sweeper.js';
import { S3Env } from './s3/s3.env.js';
import { StoredFile } from './stored-file.entity.js';
import { Transfers } from './transfers.js';
import { Uploads } from './uploads.js';

@Module({
  imports: [
    ConfigModule,
    ObservabilityModule,
    DatabaseModule,
    QueueModule,
    HttpModule,
    HealthModule,
    TeamsModule,
    TypeOrmModule.forFeature([StoredFile]),
  ],
  controllers: [FilesController],
  providers: [
    provideEnv(FilesEnv),
    provideEnv(S3Env),
    fileStore,
    FilesSpace,
    FileIntake,
    FilesService,
    Transfers,
    Uploads,
    FileDownload,
    FilesSweeper,
    FilesTidySweeper,
  ],
  exports: [FilesEnv, FileIntake, FilesService, Transfers, FileDownload],
})
export class FilesModule implements OnApplicationBootstrap {
  constructor(
    private readonly sweep: Sweep,
    private readonly expiry: FilesSweeper,
    private readonly tidying: FilesTidySweeper,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.register(this.expiry);
    this.sweep.register(this.tidying);
  }
}
