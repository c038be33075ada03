import { Module } from '@nestjs/common';
import { provideEnv } from '../config/parse-env.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { RedisEnv } from './redis.env.js';
import { RedisLink } from './redis-link.js';

/** The link to Redis, or null without a `REDIS_URL`. */
@Module({
  imports: [ObservabilityModule],
  providers: [
    provideEnv(RedisEnv),
    {
      provide: RedisLink,
      useFactory: (env: RedisEnv, logger: AppLogger, metrics: KernelMetrics) => {
        if (env.REDIS_URL !== '') return new RedisLink(env.REDIS_URL, logger, metrics);
        metrics.redisUp.remove();
        return null;
      },
      inject: [RedisEnv, AppLogger, KernelMetrics],
    },
  ],
  exports: [RedisEnv, RedisLink],
})
export class RedisModule {}
