import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import type { Cause } from '../notifications/cause.js';
import { FollowUps } from './follow-ups.js';
import { Job } from './job.entity.js';
import { ProviderRegistry } from './provider-registry.js';
import { Timeline } from './timeline.js';
import type { Entry } from './timeline.js';

/** What a domain announces of its jobs beside their states, and what of that is to be followed. */
@Injectable()
export class PublishedEvents {
  constructor(
    private readonly timeline: Timeline,
    private readonly followUps: FollowUps,
    private readonly registry: ProviderRegistry,
  ) {}

  /** An event of the domain's own (`model.ready`): told and followed like those of the job itself. @throws when the job is gone */
  async publish(tx: Transaction, jobId: string, cause: Cause, entry: Entry): Promise<void> {
    // Locked, so that the job's events keep their order.
    const job = await tx.manager.findOneOrFail(Job, { where: { id: jobId }, lock: { mode: 'pessimistic_write' } });
    await this.timeline.append(tx, job, cause, [entry]);
    await this.followUps.planFor(tx, job, entry.type, this.registry.named(job.provider));
  }

  /** What the provider does after an event of the job is done once more, now. False when the job is gone. */
  async followAgain(tx: Transaction, jobId: string, event: string): Promise<boolean> {
    const job = await tx.manager.findOneBy(Job, { id: jobId });
    return job !== null && this.followUps.again(tx, job, event);
  }
}
