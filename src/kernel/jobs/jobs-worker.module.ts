import { Module } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { Sweep } from '../queue/sweep.js';
import { CheckProcessor } from './check.processor.js';
import { DueChecks } from './due-checks.js';
import { FollowUpRows } from './follow-up-rows.js';
import { FollowUpProcessor } from './follow-up.processor.js';
import { FollowUpsSweeper } from './follow-ups.sweeper.js';
import { JobSecretsSweeper } from './job-secrets.sweeper.js';
import { JobsModule } from './jobs.module.js';
import { JobsSweeper } from './jobs.sweeper.js';
import { NotifyUrlsSweeper } from './notify-urls.sweeper.js';
import { SubmitProcessor } from './submit.processor.js';
import { Turns } from './turns.js';

/** The half of jobs that works; the other half only answers requests. */
@Module({
  imports: [ConfigModule, ObservabilityModule, DatabaseModule, QueueModule, JobsModule],
  providers: [
    Turns,
    DueChecks,
    SubmitProcessor,
    CheckProcessor,
    FollowUpRows,
    FollowUpProcessor,
    JobsSweeper,
    FollowUpsSweeper,
    JobSecretsSweeper,
    NotifyUrlsSweeper,
  ],
})
export class JobsWorkerModule implements OnApplicationBootstrap {
  constructor(
    private readonly submits: SubmitProcessor,
    private readonly checks: CheckProcessor,
    private readonly after: FollowUpProcessor,
    private readonly sweeper: JobsSweeper,
    private readonly followUps: FollowUpsSweeper,
    private readonly secrets: JobSecretsSweeper,
    private readonly notifyUrls: NotifyUrlsSweeper,
    private readonly sweep: Sweep,
  ) {}

  onApplicationBootstrap(): void {
    this.submits.start();
    this.checks.start();
    this.after.start();
    this.sweep.register(this.sweeper);
    this.sweep.register(this.followUps);
    this.sweep.register(this.secrets);
    this.sweep.register(this.notifyUrls);
  }
}
