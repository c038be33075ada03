import { Injectable } from '@nestjs/common';
import { invalidField } from '../../http/problem.js';
import { validationPipe } from '../../http/validation.js';
import type { NewJob } from '../new-job.js';

/** Makes the job of one item from the body that a request for this job alone would have. @throws a 400 by field */
export interface Order {
  make(teamId: string, body: object): Promise<NewJob>;
  /** Fields that belong to an item rather than to the options, beside `url`, `file` and `labels`. */
  own: readonly string[];
}

/** How each kind makes a job of an item and the batch's options; the domains fill it while they start. */
@Injectable()
export class BatchKinds {
  private readonly orders = new Map<string, Order>();
  private readonly pipe = validationPipe();

  /** `Request` is the class of the kind's own route: its rules judge each item. @throws when the kind is there already */
  register<T extends object>(
    kind: string,
    Request: new () => T,
    newJob: (teamId: string, request: T) => Promise<NewJob>,
    own: readonly string[] = [],
  ): void {
    if (this.orders.has(kind)) throw new Error(`batches of the kind ${kind} are registered twice`);
    const make: Order['make'] = async (teamId, body) =>
      newJob(teamId, (await this.pipe.transform(body, { type: 'body', metatype: Request })) as T);
    this.orders.set(kind, { make, own });
  }

  /** @throws a 400 naming `kind` */
  named(kind: string): Order {
    const order = this.orders.get(kind);
    if (!order) throw invalidField('kind', `must be one of ${[...this.orders.keys()].join(', ')}`);
    return order;
  }
}
