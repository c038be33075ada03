import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ApiModule } from './api.module.js';
import type { Role } from './kernel/config/service.env.js';
import { answers, works } from './roles.js';
import { WorkerModule } from './worker.module.js';

/** The modules of one process, by its role. */
@Module({})
export class SignalboxModule {
  static for(role: Role): DynamicModule {
    const imports = [...(answers(role) ? [ApiModule] : []), ...(works(role) ? [WorkerModule] : [])];
    return { module: SignalboxModule, imports };
  }
}
