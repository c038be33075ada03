import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../../src/kernel/config/pace.js';
import { NotNow, Refused, Unavailable, Unclear } from '../../../src/kernel/jobs/provider-errors.js';
import { KernelMetrics } from '../../../src/kernel/observability/kernel-metrics.js';
import { ToyEnv } from './toy.env.js';
import { fieldsFrom } from './toy.words.js';

const TIME_OUT = 30 * SECOND;

type Operation = 'submit' | 'get' | 'stop' | 'shelve';
type Fields = Record<string, unknown>;

interface Answer {
  status: number;
  fields: Fields | null;
}

/** What we ask of the toy vendor. */
@Injectable()
export class ToyClient {
  constructor(
    private readonly env: ToyEnv,
    private readonly pace: Pace,
    private readonly metrics: KernelMetrics,
  ) {}

  /** The one request that costs. */
  async draw(order: { subject: string; notify: string | null }): Promise<Fields> {
    const { status, fields } = await this.send('submit', 'POST', '/drawings', order);
    if (status === 422) throw new Refused('vendor_refused', String(fields?.why));
    if (status === 429) throw new NotNow(undefined, 'the toy vendor is busy');
    if (status === 401) throw new Unavailable('bad key: the toy vendor answers 401; see TOY_KEY');
    if (status !== 201 || !fields) throw new Unclear(`the toy vendor answers ${status}`);
    return fields;
  }

  /** Null when the vendor knows no such drawing. */
  async drawing(id: string): Promise<Fields | null> {
    const { status, fields } = await this.send('get', 'GET', `/drawings/${id}`);
    if (status === 404) return null;
    if (status !== 200 || !fields) throw new Error(`the toy vendor answers ${status}`);
    return fields;
  }

  async stop(id: string): Promise<void> {
    const { status } = await this.send('stop', 'POST', `/drawings/${id}/stop`);
    if (status !== 202) throw new Error(`the toy vendor answers ${status}`);
  }

  /** Puts a finished thing on a shelf; the same thing twice is there once. */
  async shelve(id: string, event: string): Promise<void> {
    const { status } = await this.send('shelve', 'PUT', `/shelf/${id}`, { event });
    if (status !== 204) throw new Error(`the shelf answers ${status}`);
  }

  private async send(operation: Operation, method: string, path: string, body?: object): Promise<Answer> {
    const start = performance.now();
    let outcome = 'broken';
    try {
      const response = await fetch(`${this.env.TOY_BASE_URL}${path}`, {
        method,
        headers: { 'x-toy-key': this.env.TOY_KEY, 'content-type': 'application/json', connection: 'close' },
        redirect: 'manual',
        signal: AbortSignal.timeout(this.pace.patience(TIME_OUT)),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const fields = fieldsFrom(Buffer.from(await response.arrayBuffer()));
      outcome = response.status < 400 ? 'ok' : 'refused';
      return { status: response.status, fields };
    } finally {
      const seconds = (performance.now() - start) / 1_000;
      this.metrics.vendorRequests.observe({ provider: 'toy', operation, outcome }, seconds);
    }
  }
}
