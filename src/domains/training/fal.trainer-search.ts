import { Injectable } from '@nestjs/common';
import type { Change } from '../../kernel/jobs/change.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { FalClient } from './fal.client.js';
import { FalEnv } from './fal.env.js';
import { TRAINERS } from './trainers.js';

/** Questions about one request; the table may grow. */
const MOST = 25;
/** The owner and app of every trainer, which is all that the address of a request has of it; the most common first. */
const APPS = [...new Set(TRAINERS.map(({ id }) => id.split('/').slice(0, 2).join('/')))].slice(0, MOST);

type Found = { trainer?: string | null };

/**
 * Where a training is that somebody else has started: its relay gives the id of the request only, and the vendor is asked by
 * trainer. Each is asked in turn, once per job: what came of it is kept as `trainer` in the job's facts, null for none.
 */
@Injectable()
export class TrainerSearch {
  constructor(
    private readonly client: FalClient,
    private readonly env: FalEnv,
  ) {}

  /** Acts on the job as it is with its trainer known, if it can be found out. @throws while one of them gives no answer */
  async knowing(job: ProviderJob, act: (job: ProviderJob) => Promise<Change | null>): Promise<Change | null> {
    const found = await this.lookFor(job);
    const change = await act({ ...job, facts: { ...job.facts, ...found } });
    if (!change || found.trainer === undefined) return change;
    return { ...change, facts: { ...found, ...change.facts } };
  }

  private async lookFor(job: ProviderJob): Promise<Found> {
    const { externalId, facts } = job;
    if (this.env.FAL_KEY === '' || externalId === null || 'trainer' in facts || this.client.addressesOf(job)) return {};
    for (const trainer of APPS) {
      const at = this.client.addressesOf({ ...job, facts: { trainer } });
      if (at && (await this.client.status(at))) return { trainer };
    }
    return { trainer: null };
  }
}
