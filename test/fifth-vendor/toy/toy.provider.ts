import { Injectable } from '@nestjs/common';
import { DAY, MINUTE, SECOND } from '../../../src/kernel/config/pace.js';
import type { Change } from '../../../src/kernel/jobs/change.js';
import type { Asking, JobProvider, KindSpec, ProviderJob, VerifiedNotice } from '../../../src/kernel/jobs/provider.js';
import { Unclear } from '../../../src/kernel/jobs/provider-errors.js';
import { ToyClient } from './toy.client.js';
import { ToyEnv } from './toy.env.js';
import { changeFrom, fieldsFrom, isId } from './toy.words.js';

const drawing: KindSpec = {
  kind: 'drawing',
  deadline: DAY,
  checks: {
    withWebhook: { first: 5 * MINUTE, factor: 2, max: 20 * MINUTE },
    withoutWebhook: { first: 5 * SECOND, factor: 1.5, max: MINUTE },
  },
  phases: [{ name: 'sketched', rank: 1, announced: true }],
  resubmit: 'never',
};

/** A vendor that draws what it is told: small, whole, and able to cancel. */
@Injectable()
export class ToyProvider implements JobProvider {
  readonly name = 'toy';
  readonly kinds = [drawing];

  constructor(
    private readonly client: ToyClient,
    private readonly env: ToyEnv,
  ) {}

  missingKeys(): readonly string[] {
    return this.env.TOY_KEY === '' ? ['TOY_KEY'] : [];
  }

  async submit(job: ProviderJob, asking: Asking): Promise<Change> {
    const order = { subject: String(job.input.subject), notify: job.callbackUrl };
    await asking();
    const change = changeFrom(await this.client.draw(order));
    if (!change?.externalId) throw new Unclear('the toy vendor took it without telling its id');
    return change;
  }

  interpret(notice: VerifiedNotice, _job: ProviderJob): Promise<Change | null> {
    const told = fieldsFrom(notice.body);
    return Promise.resolve(told && changeFrom(told));
  }

  async check(job: ProviderJob): Promise<Change | null> {
    if (!isId(job.externalId)) return null;
    const found = await this.client.drawing(job.externalId);
    return found ? changeFrom(found) : { note: { text: 'the toy vendor knows no such drawing' } };
  }

  /** The vendor's word comes later, by notice or by asking. */
  async cancel(job: ProviderJob): Promise<null> {
    await this.client.stop(String(job.externalId));
    return null;
  }

  async after(job: ProviderJob, event: string): Promise<void> {
    if (job.externalId !== null) await this.client.shelve(job.externalId, event);
  }
}
