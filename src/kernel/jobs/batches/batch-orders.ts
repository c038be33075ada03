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
const NOT_OPTIONS = ['url', 'file', 'labels', 'webhook', 'notifyUrl'];
/** Judging a thousand items takes a part of a second: others are let in between. */
const AT_A_TIME = 25;

/** Turns a batch into the jobs that are kept: all of them, or none. */
@Injectable()
export class BatchOrders {
  private readonly pipe = validationPipe();

  constructor(private readonly kinds: BatchKinds) {}

  /** One job per item, in their order. @throws a 400 that names every wrong field: `items[17].url`, `options.model` */
  async jobsOf(teamId: string, request: BatchRequest): Promise<NewJob[]> {
    const order = this.kinds.named(request.kind);
    const options = request.options ?? {};
    const misplaced = [...NOT_OPTIONS, ...order.own].find((name) => Object.hasOwn(options, name));
    if (misplaced !== undefined)
      throw invalidField(`options.${misplaced}`, 'is no option; give it with the items, or beside the options');
    const faults = new BatchFaults();
    const jobs: NewJob[] = [];
    for (const [i, item] of request.items.entries()) {
      if (i % AT_A_TIME === AT_A_TIME - 1) await breath();
      const read = await this.read(item, order.own).catch((error: unknown) => faults.add(i, error));
      if (read) {
        const { labels, ...own } = read;
        const body = {
          ...options,
          ...own,
          labels: { ...request.labels, ...labels },
          webhook: request.webhook,
          notifyUrl: request.notifyUrl,
        };
        await order.make(teamId, body).then(
          (job) => jobs.push(job),
          (error: unknown) => faults.add(i, error, options),
        );
      }
      if (faults.isFull) break;
    }
    faults.throwIfAny();
    return jobs;
  }

  /** Fields of the kind's own are judged by the kind. */
  private async read(item: unknown, own: readonly string[]): Promise<BatchItem> {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw invalidField('', 'must be an object with url or file');
    const fields = Object.entries(item);
    const rest = Object.fromEntries(fields.filter(([name]) => !own.includes(name)));
    const read = (await this.pipe.transform(rest, { type: 'body', metatype: BatchItem })) as BatchItem;
    return { ...read, ...Object.fromEntries(fields.filter(([name]) => own.includes(name))) };
  }
}
