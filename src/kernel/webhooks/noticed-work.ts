import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { JobOpening } from '../jobs/job-opening.js';
import type { OpenedWork } from '../jobs/job-opening.js';
import { DeliveryRows } from './delivery-rows.js';
import type { TakenDelivery } from './delivery-rows.js';
import { safeId } from './delivery-key.js';
import { NoticedJobs } from './noticed-jobs.js';
import type { Match } from './noticed-jobs.js';
import { SourceRegistry } from './source-registry.js';

/** Which jobs a kept notice is about; where it tells of work that was started elsewhere, one is opened for it. */
@Injectable()
export class NoticedWork {
  constructor(
    private readonly sources: SourceRegistry,
    private readonly noticed: NoticedJobs,
    private readonly opening: JobOpening,
    private readonly rows: DeliveryRows,
    private readonly database: Database,
  ) {}

  /** @throws while the work cannot be opened: the notice waits */
  async find(delivery: TakenDelivery): Promise<Match> {
    const { headers, body, callbackJob } = delivery;
    const source = this.sources.named(delivery.source);
    const contradiction = source?.contradiction?.(headers, body) ?? null;
    if (contradiction !== null) return { mismatch: contradiction };
    const match = await this.known(delivery);
    // An address of ours was given to the vendor for a job of ours, and for nothing that was started elsewhere.
    if ('mismatch' in match || match.jobs.length > 0 || callbackJob !== null) return match;
    const opens = source?.identify(headers, body)?.opens;
    if (!opens) return match;
    await this.open(delivery, opens);
    return this.known(delivery);
  }

  private known({ provider, callbackJob, refs }: TakenDelivery): Promise<Match> {
    return this.noticed.find(provider, callbackJob, refs);
  }

  /**
   * In a transaction of its own, before the one that applies the notice: between them the vendor may be asked, which takes a
   * job to ask about. After a crash in between, the notice is taken up again and finds it. Of two at once, the second waits
   * for the first one's row and then finds it too.
   */
  private async open(delivery: TakenDelivery, work: OpenedWork): Promise<void> {
    await this.database.unitOfWork(async (tx) => {
      await this.rows.claim(tx, delivery);
      await this.opening.open(tx, { ...work, externalId: safeId(work.externalId) }, delivery);
    }, 2);
  }
}
