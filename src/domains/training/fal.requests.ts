import { Injectable } from '@nestjs/common';
import type { Change } from '../../kernel/jobs/change.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import type { Addresses } from './fal.addresses.js';
import type { Complaint, RequestStatus } from './fal.answers.js';
import { SUCCEEDED_ONCE, endedBadly, opened, resultChange, unknownThere } from './fal.changes.js';
import { FalClient } from './fal.client.js';
import { FalEnv } from './fal.env.js';
import { progressOf } from './fal.progress.js';
import { standingOf } from './fal.words.js';
import { fieldsOf } from '../../kernel/http/json-fields.js';

/** Seconds until we look what came of a wish to cancel. */
const SOON = 10;

/** How requests stand at fal.ai's queue, as changes of their jobs. */
@Injectable()
export class FalRequests {
  constructor(
    private readonly client: FalClient,
    private readonly env: FalEnv,
  ) {}

  /** Whether the vendor can be asked: it takes a key, and the name of the trainer. */
  canAsk(job: ProviderJob): boolean {
    return this.reach(job) !== null;
  }

  /** Null for a word that is not documented; nothing new where nobody can be asked. @throws when it is not known now */
  async standing(job: ProviderJob): Promise<Change | null> {
    const at = this.reach(job);
    // Succeeded by a notice without the result: not to be had any more, and the kernel gives it up after a while.
    if (!at) return job.facts.vendorStatus === SUCCEEDED_ONCE.facts.vendorStatus ? SUCCEEDED_ONCE : {};
    const found = await this.client.status(at);
    return found ? this.changeOf(job, at, found) : unknownThere(job.facts);
  }

  /** The result that a notice left out. @throws while the vendor's answer lags behind its own notice */
  async output(job: ProviderJob): Promise<Change> {
    const at = this.reach(job);
    if (!at) return { ...SUCCEEDED_ONCE, note: { text: 'the notice has no result, and fal cannot be asked for it' } };
    const change = resultChange(await this.client.result(at), job.facts);
    if (change.to === 'running') throw new Error('fal says that it is done, and has no result yet');
    return change;
  }

  /** A request that runs may finish all the same: its end is the vendor's word. @throws when it could not be asked */
  async cancel(job: ProviderJob): Promise<Change | null> {
    if (this.env.FAL_KEY === '') throw new Error('fal cannot be asked to cancel: FAL_KEY is not set');
    const at = this.reach(job);
    if (!at) return { note: { text: 'fal cannot be asked to cancel: the trainer is not known' } };
    const answer = await this.client.cancel(at);
    if (answer === 'completed') return this.standing(job);
    if (answer === 'unknown') return unknownThere(job.facts);
    return { facts: { cancelAccepted: true }, checkAfter: SOON };
  }

  private reach(job: ProviderJob): Addresses | null {
    return this.env.FAL_KEY === '' ? null : this.client.addressesOf(job);
  }

  private async changeOf(job: ProviderJob, at: Addresses, found: RequestStatus): Promise<Change | null> {
    const standing = standingOf(found.status);
    if (!standing) return null;
    if ('open' in standing) return opened(standing, progressOf(found.logs, stepsOf(job)));
    const { error, errorType } = found;
    // There is no word for failed: it is completed, with an error.
    if (standing.ended === 'succeeded' && !says(error) && !says(errorType))
      return resultChange(await this.client.result(at), job.facts);
    const end = standing.ended === 'canceled' ? 'canceled' : 'failed';
    return endedBadly(end, { error, errorType, detail: await this.detail(at) });
  }

  /** Why it failed is at the address of its result. One question; that it failed is known already. */
  private async detail(at: Addresses): Promise<Complaint['detail']> {
    const answer = await this.client.result(at).catch(() => null);
    return answer && 'failed' in answer ? answer.failed.detail : undefined;
  }
}

const says = (value: unknown) => value !== undefined && value !== null && value !== '' && value !== false;

/** What a count in its log goes up to, as far as the order said. */
function stepsOf({ input }: ProviderJob): number | null {
  const inputs = fieldsOf(input.inputs);
  const steps = inputs?.steps ?? inputs?.iterations;
  return typeof steps === 'number' && steps > 0 ? steps : null;
}
