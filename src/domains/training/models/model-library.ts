import { Injectable } from '@nestjs/common';
import { DAY, HOUR, Pace } from '../../../kernel/config/pace.js';
import { Database } from '../../../kernel/database/database.js';
import type { Transaction } from '../../../kernel/database/database.js';
import type { ProviderJob } from '../../../kernel/jobs/provider.js';
import { GiveUp } from '../../../kernel/jobs/provider-errors.js';
import { PublishedEvents } from '../../../kernel/jobs/published-events.js';
import { ModelCopies, isRefused, noteOn, reasonOf } from './model-copies.js';
import { ModelFile } from './model-file.entity.js';
import { ModelMetrics } from './model-metrics.js';
import { modelOf } from './model-of-job.js';
import { ModelRows } from './model-rows.js';
import type { Model } from './model.entity.js';
import { modelView } from './model.view.js';

export const MODEL_READY = 'model.ready';
/** The event of a job after which its model is kept. */
export const TRAINED = 'training.succeeded';

/** Shorter than the day for which all that follows is tried, so that the last try can say on the model that it was the last. */
const COPYING = DAY - HOUR;
const NO_MODEL = 'the result names neither a file nor a fine-tune: there is nothing to keep';

/** Makes a model of every finished training. */
@Injectable()
export class ModelLibrary {
  constructor(
    private readonly database: Database,
    private readonly rows: ModelRows,
    private readonly copies: ModelCopies,
    private readonly events: PublishedEvents,
    private readonly metrics: ModelMetrics,
    private readonly pace: Pace,
  ) {}

  /**
   * Repeatable: the model at once, then its files, each until it is here. @throws when one is not: to be called again, or
   * {GiveUp} when that would change nothing
   */
  async keep(job: ProviderJob): Promise<void> {
    const model = await this.open(job);
    if (model.deletedAt !== null) return;
    const isLast = Date.now() - model.copyingSince.getTime() > this.pace.ms(COPYING);
    for (const file of await this.rows.waiting(model.id)) await this.copy(job, file, isLast);
    await this.throwFaults(model.id);
  }

  private open(job: ProviderJob): Promise<Model> {
    const trained = modelOf(job);
    if (!trained) throw new GiveUp(NO_MODEL);
    return this.database.unitOfWork(async (tx) => {
      const model = await this.rows.open(tx, job, trained);
      if (await this.rows.allReady(tx, model.id)) await this.announce(tx, job, model.id);
      return model;
    });
  }

  private async copy(job: ProviderJob, file: ModelFile, isLast: boolean): Promise<void> {
    if (!(await this.rows.begin(file))) return;
    try {
      const copy = await this.copies.copy(file, job.teamId);
      await this.database.unitOfWork(async (tx) => {
        if (await this.rows.ready(tx, file, copy, noteOn(file, copy))) await this.announce(tx, job, file.modelId);
        tx.afterCommit(() => this.metrics.bytes.inc(copy.size));
      });
      this.metrics.copies.inc({ outcome: 'ready' });
    } catch (error) {
      const isFinal = isLast || isRefused(error);
      this.metrics.copies.inc({ outcome: isFinal ? 'failed' : 'later' });
      await this.rows.failed(file, reasonOf(error), isFinal);
    }
  }

  private async throwFaults(modelId: string): Promise<void> {
    const missing = await this.rows.missing(modelId);
    if (missing.length === 0) return;
    const told = missing.map(({ role, lastError }) => `${role}: ${lastError ?? 'not copied yet'}`).join('; ');
    if (missing.every(({ state }) => state === 'failed')) throw new GiveUp(told);
    throw new Error(told);
  }

  /** In the transaction that finds all files there for the first time. */
  private async announce(tx: Transaction, { id: jobId, kind, labels }: ProviderJob, modelId: string): Promise<void> {
    const model = await this.rows.locked(tx, 'id', modelId);
    const files = await tx.manager.find(ModelFile, { where: { modelId }, order: { role: 'ASC' } });
    const here = new Set(files.flatMap(({ fileId }) => fileId ?? []));
    const { files: shown, ...view } = modelView(model, files, here);
    const what = { model: modelId, files: shown.map(({ role }) => role) };
    // The vendor's addresses are long, and open to all who have them.
    const told = shown.map(({ role, name, size, sha256, links }) => ({ role, name, size, sha256, links }));
    const data = { model: { ...view, kind, labels, files: told } };
    await this.events.publish(tx, jobId, { by: 'after' }, { type: MODEL_READY, what, data });
  }
}
