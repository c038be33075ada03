import { Injectable } from '@nestjs/common';
import type { Change } from '../../kernel/jobs/change.js';
import { isFinal } from '../../kernel/jobs/job-status.js';
import type { Asking, JobProvider, KindSpec, ProviderJob, VerifiedNotice } from '../../kernel/jobs/provider.js';
import { Refused } from '../../kernel/jobs/provider-errors.js';
import { opened } from './fal.changes.js';
import { FalClient } from './fal.client.js';
import { FalEnv } from './fal.env.js';
import { TrainingImages } from './fal.images.js';
import { FAL, readNotice } from './fal.notice.js';
import type { Told } from './fal.notice.js';
import { FalRequests } from './fal.requests.js';
import { isAbout, toldBy, toldByRelay } from './fal.told.js';
import { fieldsOf, textOf } from '../../kernel/http/json-fields.js';
import { TrainerSearch } from './fal.trainer-search.js';
import { ModelLibrary } from './models/model-library.js';
import { training } from './training.kind.js';
import { trainerOf } from './trainers.js';

/** fal.ai: trains models of a face or a style. It has no idempotency key, so every order is sent once. */
@Injectable()
export class FalProvider implements JobProvider {
  readonly name = FAL;
  readonly kinds: readonly KindSpec[] = [training];
  /** It documents no limit for questions; its own client asks twice a second for each request. */
  readonly checksPerMinute = 240;
  readonly follows = ['training.succeeded'];

  constructor(
    private readonly client: FalClient,
    private readonly requests: FalRequests,
    private readonly search: TrainerSearch,
    private readonly images: TrainingImages,
    private readonly library: ModelLibrary,
    private readonly env: FalEnv,
  ) {}

  missingKeys(): readonly string[] {
    return this.env.FAL_KEY === '' ? ['FAL_KEY'] : [];
  }

  /** Its notices are no good to whoever does not know the id of his own account. */
  isTold(): boolean {
    return this.env.FAL_USER_ID !== '';
  }

  async submit(job: ProviderJob, asking: Asking): Promise<Change> {
    const trainer = trainerOf(textOf(job.input.trainer) ?? '');
    if (!trainer) throw new Refused('unknown_trainer', 'the trainer of this job is none that we know (any more)');
    const body = { ...fieldsOf(job.input.inputs), [trainer.imagesInput]: await this.images.addressOf(job) };
    await asking();
    const { requestId, foreignHost, ...addresses } = await this.client.submit(trainer.id, body, job.callbackUrl);
    this.images.forget(job.id);
    const foreign = `fal’s answer names the host ${foreignHost}, which is not FAL_BASE_URL’s: it is not followed`;
    const note = foreignHost === null ? {} : { note: { text: foreign } };
    return { to: 'running', externalId: requestId, phase: 'in_queue', facts: { ...addresses }, ...note };
  }

  async interpret(notice: VerifiedNotice, job: ProviderJob): Promise<Change | null> {
    const told = readNotice(notice.source, notice.body);
    if (!told || !isAbout(told, job)) return null;
    const named = told.requestId === null ? {} : { externalId: told.requestId };
    const { standing } = told;
    if ('open' in standing) return { ...opened(standing, told.progress), ...named };
    // A repeat of old news is not worth a question to the vendor.
    if (isFinal(job.status)) return { to: standing.ended, ...named };
    const change = await this.told(notice.source, told, { ...job, ...named });
    return change && { ...change, ...named };
  }

  check(job: ProviderJob): Promise<Change | null> {
    return this.search.knowing(job, (known) => this.requests.standing(known));
  }

  cancel(job: ProviderJob): Promise<Change | null> {
    return this.search.knowing(job, (known) => this.requests.cancel(known));
  }

  /** The vendor promises nothing of how long it keeps a model: it is copied at once. */
  after(job: ProviderJob): Promise<void> {
    return this.library.keep(job);
  }

  private told(source: string, told: Told, job: ProviderJob): Promise<Change | null> {
    if (source === FAL) return toldBy(this.requests, told, job);
    return this.search.knowing(job, (known) => toldByRelay(this.requests, told, known));
  }
}
