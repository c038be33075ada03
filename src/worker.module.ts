import { Module } from '@nestjs/common';
import { domains } from './domains/enabled.js';
import { JobsWorkerModule } from './kernel/jobs/jobs-worker.module.js';
import { WebhooksWorkerModule } from './kernel/webhooks/webhooks-worker.module.js';

/** Everything that works: submits, checks, notices, the sweep. */
@Module({ imports: [...domains, JobsWorkerModule, WebhooksWorkerModule] })
export class WorkerModule {}
