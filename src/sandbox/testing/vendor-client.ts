import type { Sandbox } from '../sandbox.js';
import { until } from './receiver.js';

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface JobAnswer {
  jobId: string;
  status: string;
  createdAt: string;
  updatedAt: string;
  output?: Record<string, unknown>;
}

/** Speaks to the stand-in the way a customer of the vendor would. */
export class VendorClient {
  constructor(readonly sandbox: Sandbox) {}

  async call(method: string, path: string, body?: unknown, key = this.sandbox.pyannote.apiKey): Promise<Answered> {
    return this.send(method, `${this.sandbox.pyannote.baseUrl}${path}`, body, { authorization: `Bearer ${key}` });
  }

  async admin(method: string, path: string, body?: unknown): Promise<Answered> {
    return this.send(method, `${this.sandbox.url}/sandbox${path}`, body, {});
  }

  async fault(fault: string, params: Record<string, unknown> = {}): Promise<void> {
    const { status, body } = await this.admin('POST', '/faults', { vendor: 'pyannote', fault, ...params });
    if (status !== 201) throw new Error(JSON.stringify(body));
  }

  async submit(type: string, body: Record<string, unknown>): Promise<string> {
    const answer = await this.call('POST', `/v1/${type}`, body);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return String(answer.body.jobId);
  }

  async job(jobId: string): Promise<JobAnswer> {
    return (await this.call('GET', `/v1/jobs/${jobId}`)).body as unknown as JobAnswer;
  }

  async ended(jobId: string): Promise<JobAnswer> {
    let job = await this.job(jobId);
    await until(async () => {
      job = await this.job(jobId);
      return ['succeeded', 'failed', 'canceled'].includes(job.status);
    }, `the end of job ${jobId}`);
    return job;
  }

  recording(file = 'two-voices.wav'): string {
    return `${this.sandbox.url}/sandbox/audio/${file}`;
  }

  private async send(method: string, url: string, body: unknown, headers: Record<string, string>): Promise<Answered> {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url, { method, headers: { ...headers, ...type }, ...content });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const parsed = isJson ? (JSON.parse(text) as Record<string, unknown>) : { text };
    return { status: response.status, headers: response.headers, body: parsed };
  }
}
