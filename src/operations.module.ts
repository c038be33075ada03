import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { ConfigModule } from './kernel/config/config.module.js';
import { HealthModule } from './kernel/health/health.module.js';
import { HttpModule } from './kernel/http/http.module.js';
import { ProblemFilter } from './kernel/http/problem.filter.js';
import { ObservabilityModule } from './kernel/observability/observability.module.js';
import { RequestInterceptor } from './kernel/observability/request.interceptor.js';
import { RootController } from './root.controller.js';

/** What every process answers, whatever its role: who it is, how it is, what it has measured. */
@Module({
  imports: [ConfigModule, ObservabilityModule, HttpModule, HealthModule],
  controllers: [RootController],
  providers: [
    { provide: APP_FILTER, useExisting: ProblemFilter },
    { provide: APP_INTERCEPTOR, useExisting: RequestInterceptor },
  ],
})
export class OperationsModule {}
