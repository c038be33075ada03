import { Injectable } from '@nestjs/common';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { invalidField, invalidRequest } from '../../kernel/http/problem.js';
import type { FieldError } from '../../kernel/http/problem.js';
import type { NewJob } from '../../kernel/jobs/job-intake.js';
import { named, uncaptioned, warningsOf } from './image-set.js';
import type { ImageSet } from './image-set.js';
import { ImagesOrders } from './images.orders.js';
import type { Trainer } from './trainer.js';
import { knownPriceOf } from './trainer-prices.js';
import type { TrainingRequest } from './training.dto.js';
import type { DryRunView } from './training.view.js';
import type { TrainingInput } from './training-input.js';
import { chosenBy, inputsOf } from './training-options.js';
import type { Look } from './zip-inspection.js';

/** A valid request, thought through: what would be made of it. */
interface Plan {
  input: TrainingInput;
  missing: readonly FieldError[];
  provided?: NewJob['provided'];
}

/** Turns a valid request into the job that is kept. */
@Injectable()
export class TrainingOrders {
  constructor(
    private readonly env: HttpEnv,
    private readonly images: ImagesOrders,
  ) {}

  /** @throws a 400 for options that the trainer does not have, and for images that it would not take */
  async newJob(teamId: string, request: TrainingRequest, look: Look = 'first'): Promise<NewJob> {
    const { input, provided } = await this.plan(teamId, request, look);
    return {
      kind: 'training',
      input: { ...input },
      labels: request.labels ?? {},
      webhook: request.webhook ?? true,
      ...(request.notifyUrl == null ? {} : { notifyUrl: request.notifyUrl }),
      ...(provided ? { provided } : {}),
    };
  }

  /** What the request would do, without doing it. The team's limits are not asked. @throws what `newJob` and its job would */
  async dryRun(teamId: string, request: TrainingRequest): Promise<DryRunView> {
    const { input, missing } = await this.plan(teamId, request, 'first');
    if (missing.length > 0) throw invalidRequest(missing);
    const { trainer, inputs, warnings = [] } = input;
    return { dryRun: true, trainer, inputs, price: knownPriceOf({ ...input }), warnings };
  }

  private async plan(teamId: string, request: TrainingRequest, look: Look): Promise<Plan> {
    const chosen = chosenBy(request);
    const { type, trainer } = chosen;
    const inputs = inputsOf(chosen, { ...request }, this.env.FETCH_ALLOW_CIDRS);
    const { seen, missing, provided } = await this.images.look(teamId, request, look);
    const input: TrainingInput = { type, trainer: trainer.id, ...imagesOf(request), inputs };
    const warnings = [...captionWarnings(trainer, seen, inputs), ...(seen ? warningsOf(trainer, seen, inputs) : [])];
    if (knownPriceOf({ ...input }) === null)
      warnings.push(`the price of ${trainer.id} is not known: it counts nothing against a budget`);
    return {
      input: { ...input, ...(warnings.length > 0 ? { warnings } : {}) },
      missing,
      ...(provided ? { provided } : {}),
    };
  }
}

function imagesOf({ url, file, files, captions }: TrainingRequest) {
  if (url != null) return { url };
  if (file != null) return { file };
  return { files: files ?? [], ...(captions != null && Object.keys(captions).length > 0 ? { captions } : {}) };
}

/** Where a missing caption makes the training fail. @throws a 400 when that is sure */
function captionWarnings(trainer: Trainer, seen: ImageSet | null, inputs: TrainingInput['inputs']): string[] {
  if (!trainer.captionInput || inputs[trainer.captionInput] != null) return [];
  const needs = `${trainer.id} fails where an image has no caption and there is no defaultCaption`;
  if (!seen || trainer.pairs) return [needs];
  const without = uncaptioned(seen);
  if (without.length === 0) return [];
  throw invalidField('defaultCaption', `is required: there is no caption for ${named(without)}, and ${needs}`);
}
