import { fieldsOf, textOf } from '../src/kernel/http/json-fields.js';
import type { Fields } from '../src/kernel/http/json-fields.js';

export interface Answered {
  status: number;
  fields: Fields;
}

/** The few requests of a smoke run, without any of the service's own care: what the wire says is what is looked at. */
export class VendorCalls {
  constructor(
    private readonly base: string,
    private readonly key: string,
  ) {}

  test(key = this.key): Promise<Answered> {
    return this.ask('GET', '/v1/test', undefined, key);
  }

  /** @throws when the answer is no 2xx, with the vendor's own words */
  async presigned(media: string): Promise<string> {
    const { fields } = await this.must('POST', '/v1/media/input', { url: media });
    return textOf(fields.url) ?? '';
  }

  async put(address: string, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const answer = await fetch(address, { method: 'PUT', body: bytes });
    await answer.arrayBuffer();
    return answer.status;
  }

  /** The one request that costs. */
  submit(body: object): Promise<Answered> {
    return this.must('POST', '/v1/diarize', body);
  }

  async job(id: string): Promise<Fields> {
    return (await this.must('GET', `/v1/jobs/${encodeURIComponent(id)}`)).fields;
  }

  private async must(method: string, path: string, body?: object): Promise<Answered> {
    const answer = await this.ask(method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new Error(
      `${method} ${path} is answered with ${answer.status}: ${textOf(answer.fields.message) ?? 'no message'}`,
    );
  }

  private async ask(method: string, path: string, body?: object, key = this.key): Promise<Answered> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', connection: 'close' },
      redirect: 'manual',
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const fields = fieldsOf(await answer.json().catch(() => null)) ?? {};
    return { status: answer.status, fields };
  }
}
