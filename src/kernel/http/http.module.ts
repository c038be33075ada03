import { Module } from '@nestjs/common';
import { provideEnv } from '../config/parse-env.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { GuardedFetch } from './guarded-fetch.js';
import { HttpEnv } from './http.env.js';
import { ProblemFilter } from './problem.filter.js';

@Module({
  imports: [ObservabilityModule],
  providers: [
    provideEnv(HttpEnv),
    ProblemFilter,
    { provide: GuardedFetch, inject: [HttpEnv], useFactory: (env: HttpEnv) => new GuardedFetch(env) },
  ],
  exports: [HttpEnv, ProblemFilter, GuardedFetch],
})
export class HttpModule {}
