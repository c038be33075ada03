import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { type FalOptions } from '../fal/fal.js';
import { type Sandbox, startSandbox } from '../sandbox.js';
import { type Received, type Receiver, startReceiver, until } from './receiver.js';

export const FAST = 'fal-ai/flux-lora-fast-training';

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface Notice {
  request_id: string;
  gateway_request_id: string;
  status: string;
  payload: Record<string, unknown> | null;
  error: string | null;
  payload_error?: string;
}

/** A stand-in of fal.ai, somebody to call it and somebody to be called by it. */
export class FalStage {
  private constructor(
    readonly sandbox: Sandbox,
    public receiver: Receiver,
  ) {}

  static async build(factor: number, fal: FalOptions = {}): Promise<FalStage> {
    return new FalStage(await startSandbox({ factor, fal }), await startReceiver());
  }

  /** Before each test: no fault left over, and a receiver that late retries of the test before cannot reach. */
  async renew(): Promise<void> {
    await this.admin('DELETE', '/faults');
    await this.receiver.stop();
    this.receiver = await startReceiver();
  }

  async tearDown(): Promise<void> {
    await this.sandbox.stop();
    await this.receiver.stop();
  }

  admin(method: string, path: string, body?: unknown): Promise<Answered> {
    return ask(method, `${this.sandbox.url}/sandbox${path}`, body);
  }

  queue(method: string, path: string, body?: unknown, key = this.sandbox.fal.key): Promise<Answered> {
    return ask(method, `${this.sandbox.fal.queueUrl}/${path}`, body, { authorization: `Key ${key}` });
  }

  async fault(fault: string, params: Record<string, unknown> = {}): Promise<void> {
    const { status, body } = await this.admin('POST', '/faults', { vendor: 'fal', fault, ...params });
    if (status !== 201) throw new Error(JSON.stringify(body));
  }

  input<More extends Record<string, unknown>>(more?: More) {
    return { images_data_url: this.sandbox.fal.imagesUrl, trigger_word: 'ohwx', ...more };
  }

  trySubmit(input: object = this.input(), endpoint = FAST): Promise<Answered> {
    return this.queue('POST', `${endpoint}?fal_webhook=${encodeURIComponent(this.receiver.url)}`, input);
  }

  async submit(input: object = this.input(), endpoint = FAST): Promise<string> {
    const answer = await this.trySubmit(input, endpoint);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return String(answer.body.request_id);
  }

  status(id: string, query = ''): Promise<Answered> {
    return this.queue('GET', `${FAST}/requests/${id}/status${query}`);
  }

  result(id: string): Promise<Answered> {
    return this.queue('GET', `${FAST}/requests/${id}`);
  }

  async ended(id: string): Promise<Record<string, unknown>> {
    let last = await this.status(id);
    await until(async () => (last = await this.status(id)).body.status === 'COMPLETED', `the end of ${id}`);
    return last.body;
  }

  /** Strikes the next job and returns what arrived, once `count` deliveries are there. */
  async struck(count: number, fault: string, params: Record<string, unknown> = {}): Promise<Received[]> {
    await this.fault(fault, params);
    await this.submit();
    return this.receiver.wait(count);
  }

  /** Checks the proof on its own, not with the code that made it, against the keys as they are listed. */
  async isGenuine(one?: Received): Promise<boolean> {
    if (one === undefined) return false;
    const { headers, body } = one;
    const { keys } = (await (await fetch(this.sandbox.fal.jwksUrl)).json()) as { keys: JsonWebKey[] };
    const digest = createHash('sha256').update(body, 'utf8').digest('hex');
    const names = ['request-id', 'user-id', 'timestamp'].map((name) => String(headers[`x-fal-webhook-${name}`]));
    const message = Buffer.from([...names, digest].join('\n'));
    const signature = Buffer.from(String(headers['x-fal-webhook-signature']), 'hex');
    return keys.some((key) => verify(null, message, createPublicKey({ key, format: 'jwk' }), signature));
  }
}

export function told(one?: Received): Notice {
  return JSON.parse(one?.body ?? 'null') as Notice;
}

async function ask(method: string, url: string, body: unknown, proof: Record<string, string> = {}): Promise<Answered> {
  const headers = body === undefined ? proof : { ...proof, 'content-type': 'application/json' };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, { method, headers, ...content });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const parsed = isJson ? (JSON.parse(text) as Record<string, unknown>) : { text };
  return { status: response.status, headers: response.headers, body: parsed };
}
