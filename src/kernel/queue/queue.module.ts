import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { Doorbell } from './doorbell.js';
import { Duties } from './duties.js';
import { Duty } from './duty.entity.js';
import { InProcessDoorbell } from './in-process-doorbell.js';
import { InProcessLimiter } from './in-process-limiter.js';
import { Limiter } from './limiter.js';
import { Sweep } from './sweep.js';

@Module({
  imports: [ConfigModule, ObservabilityModule, DatabaseModule, TypeOrmModule.forFeature([Duty])],
  providers: [
    { provide: Doorbell, useClass: InProcessDoorbell },
    { provide: Limiter, useClass: InProcessLimiter },
    Duties,
    Sweep,
  ],
  exports: [Doorbell, Limiter, Duties, Sweep],
})
export class QueueModule {}
