import { Module } from '@nestjs/common';
import { getOptionsToken, getStorageToken } from '@nestjs/throttler';
import type { ThrottlerModuleOptions } from '@nestjs/throttler';
import { ConfigModule } from '../config/config.module.js';
import { Pace, SECOND } from '../config/pace.js';
import { provideEnv } from '../config/parse-env.js';
import { DatabaseModule } from '../database/database.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { RedisEnv } from '../queue/redis.env.js';
import { RedisLink } from '../queue/redis-link.js';
import { RedisModule } from '../queue/redis.module.js';
import { WindowCounter } from './rate-limit.counter.js';
import { RateLimitEnv } from './rate-limit.env.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RedisWindowCounter } from './rate-limit.redis-counter.js';
import { RefusedKeys } from './rate-limit.refused-keys.js';
import { UsableKeys } from './rate-limit.usable-keys.js';

/** The library's guard with stores of our own; without its module, which would be global. */
@Module({
  imports: [ConfigModule, ObservabilityModule, DatabaseModule, RedisModule],
  providers: [
    provideEnv(RateLimitEnv),
    {
      provide: getOptionsToken(),
      inject: [RateLimitEnv, Pace],
      useFactory: (env: RateLimitEnv, pace: Pace): ThrottlerModuleOptions => ({
        throttlers: [{ name: 'default', limit: env.RATE_LIMIT, ttl: pace.ms(env.RATE_LIMIT_WINDOW * SECOND) }],
        skipIf: () => env.RATE_LIMIT === 0,
      }),
    },
    {
      provide: getStorageToken(),
      inject: [RedisLink, RedisEnv],
      useFactory: (link: RedisLink | null, env: RedisEnv) =>
        link ? new RedisWindowCounter(link, new WindowCounter(), env.REDIS_PREFIX) : new WindowCounter(),
    },
    UsableKeys,
    RefusedKeys,
    RateLimitGuard,
  ],
  exports: [RefusedKeys, RateLimitGuard],
})
export class RateLimitModule {}
