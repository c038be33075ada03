import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { Dependencies } from './dependencies.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ConfigModule, DatabaseModule, QueueModule],
  controllers: [HealthController],
  providers: [Readiness, Dependencies],
  exports: [Readiness, Dependencies],
})
export class HealthModule {}
