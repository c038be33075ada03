import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfigModule } from '../config/config.module.js';
import { Pace } from '../config/pace.js';
import { DatabaseModule } from '../database/database.module.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { BullDoorbell } from './bull-doorbell.js';
import { bullOptions } from './bull-options.js';
import { Doorbell } from './doorbell.js';
import { Duties } from './duties.js';
import { Duty } from './duty.entity.js';
import { InProcessDoorbell } from './in-process-doorbell.js';
import { InProcessLimiter } from './in-process-limiter.js';
import { Limiter } from './limiter.js';
import { RedisEnv } from './redis.env.js';
import { RedisLimiter } from './redis-limiter.js';
import { RedisLink } from './redis-link.js';
import { RedisModule } from './redis.module.js';
import { Sweep } from './sweep.js';

@Module({
  imports: [
    ConfigModule,
    ObservabilityModule,
    DatabaseModule,
    RedisModule,
    TypeOrmModule.forFeature([Duty]),
    BullModule.forRootAsync({
      imports: [ConfigModule, RedisModule],
      inject: [RedisLink, RedisEnv, Pace],
      useFactory: (link: RedisLink | null, env: RedisEnv, pace: Pace) =>
        link ? bullOptions(link.lines, `${env.REDIS_PREFIX}:bull`, pace) : {},
    }),
  ],
  providers: [
    InProcessDoorbell,
    InProcessLimiter,
    {
      provide: Doorbell,
      inject: [RedisLink, InProcessDoorbell, LazyModuleLoader, KernelMetrics, AppLogger],
      useFactory: (
        link: RedisLink | null,
        local: InProcessDoorbell,
        modules: LazyModuleLoader,
        metrics: KernelMetrics,
        logger: AppLogger,
      ) => (link ? new BullDoorbell(link, local, modules, metrics, logger) : local),
    },
    {
      provide: Limiter,
      inject: [RedisLink, InProcessLimiter, RedisEnv, Pace],
      useFactory: (link: RedisLink | null, own: InProcessLimiter, env: RedisEnv, pace: Pace) =>
        link ? new RedisLimiter(link, own, env.REDIS_PREFIX, pace) : own,
    },
    Duties,
    Sweep,
  ],
  exports: [Doorbell, Limiter, Duties, Sweep, RedisModule],
})
export class QueueModule {}
