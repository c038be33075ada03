import { Module } from '@nestjs/common';
import { provideEnv } from '../config/parse-env.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { HttpEnv } from './http.env.js';
import { ProblemFilter } from './problem.filter.js';

@Module({
  imports: [ObservabilityModule],
  providers: [provideEnv(HttpEnv), ProblemFilter],
  exports: [HttpEnv, ProblemFilter],
})
export class HttpModule {}
