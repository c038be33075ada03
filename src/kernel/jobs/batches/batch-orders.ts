import { setImmediate as breath } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { invalidField } from '../../http/problem.js';
import { validationPipe } from '../../http/validation.js';
import type { NewJob } from '../new-job.js';
import { BatchFaults } from './batch-faults.js';
import { BatchKinds } from './batch-kinds.js';
import { BatchItem } from './batch.dto.js';
import type { BatchRequest } from './batch.dto.js';

/** Given with each item, or beside the options. */
const NOT_OPTIONS = ['url', 'file', 'labels', 'webhook'];
/** Judging a thousand items takes a part of a second: others are let in between. */
const AT_A_TIME = 25;
/** Each job keeps all of its options: large ones (pasted voiceprints) times a thousand would be gigabytes. */
const MAX_INPUT = 32 * 1_024 * 1_024;

/** Turns a batch into the jobs that are kept: all of them, or none. */
@Injectable()
export class BatchOrders {
  private readonly pipe = validationPipe();

  constructor(private readonly kinds: BatchKinds) {}

  /** One job per item, in their order. @throws a 400 that names every wrong field: `items[17].url`, `options.model` */
  async jobsOf(teamId: string, request: BatchRequest): Promise<NewJob[]> {
    const order = this.kinds.named(request.kind);
    const options = request.options ?? {};
    const misplaced = NOT_OPTIONS.find((name) => Object.hasOwn(options, name));
    if (misplaced !== undefined)
      throw invalidField(`options.${misplaced}`, 'is no option; give it with the items, or beside the options');
    const faults = new BatchFaults();
    const jobs: NewJob[] = [];
    for (const [i, item] of request.items.entries()) {
      if (i % AT_A_TIME === AT_A_TIME - 1) await breath();
      const read = await this.read(item).catch((error: unknown) => faults.add(i, error));
      if (read) {
        const { labels, ...own } = read;
        const body = { ...options, ...own, labels: { ...request.labels, ...labels }, webhook: request.webhook };
        await order(teamId, body).then(
          (job) => jobs.push(job),
          (error: unknown) => faults.add(i, error, options),
        );
      }
      if (faults.isFull) break;
    }
    faults.throwIfAny();
    this.checkSize(jobs);
    return jobs;
  }

  private checkSize(jobs: readonly NewJob[]): void {
    let size = 0;
    for (const [i, { input }] of jobs.entries()) {
      size += JSON.stringify(input).length;
      if (size <= MAX_INPUT) continue;
      const detail = `with these options ${i} items make ${MAX_INPUT / 1_024 ** 2} MiB, the most that a batch may have`;
      throw invalidField('items', `${detail}; send smaller batches, or smaller options`);
    }
  }

  private async read(item: unknown): Promise<BatchItem> {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw invalidField('', 'must be an object with url or file');
    return (await this.pipe.transform(item, { type: 'body', metatype: BatchItem })) as BatchItem;
  }
}
