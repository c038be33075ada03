import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { Sweep } from '../queue/sweep.js';
import { CheckProcessor } from './check.processor.js';
import { JobsModule } from './jobs.module.js';
import { JobsSweeper } from './jobs.sweeper.js';
import { SubmitProcessor } from './submit.processor.js';
import { Turns } from './turns.js';

/** The half of jobs that works; the other half only answers requests. */
@Module({
  imports: [ConfigModule, ObservabilityModule, DatabaseModule, QueueModule, JobsModule],
  providers: [Turns, SubmitProcessor, CheckProcessor, JobsSweeper],
})
export class JobsWorkerModule implements OnApplicationBootstrap {
  constructor(
    private readonly submits: SubmitProcessor,
    private readonly checks: CheckProcessor,
    private readonly sweeper: JobsSweeper,
    private readonly sweep: Sweep,
  ) {}

  onApplicationBootstrap(): void {
    this.submits.start();
    this.checks.start();
    this.sweep.register(this.sweeper);
  }
}
