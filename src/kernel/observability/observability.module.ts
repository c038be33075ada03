import { Module } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { ServiceEnv } from '../config/service.env.js';
import { AppLogger } from './app-logger.js';
import { KernelMetrics } from './kernel-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { Observer } from './observer.js';
import { RequestLog } from './request-log.js';
import { RequestInterceptor } from './request.interceptor.js';

@Module({
  imports: [ConfigModule],
  controllers: [MetricsController],
  providers: [
    { provide: AppLogger, useFactory: (env: ServiceEnv) => new AppLogger(env), inject: [ServiceEnv] },
    KernelMetrics,
    Observer,
    RequestLog,
    RequestInterceptor,
  ],
  exports: [AppLogger, KernelMetrics, Observer, RequestLog, RequestInterceptor],
})
export class ObservabilityModule {}
