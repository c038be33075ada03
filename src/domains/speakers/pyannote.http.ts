import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { readJson } from './json-fields.js';
import { PyannoteEnv } from './pyannote.env.js';

const TIME_OUT = 30 * SECOND;
/** Frame scores of 24 h of audio are large, an endless answer is an accident. */
const MAX_ANSWER_BYTES = 64 * 1_024 * 1_024;

export interface VendorRequest {
  method: 'GET' | 'POST';
  /** Below the base address, with its query. */
  path: string;
  body?: object;
}

export interface VendorAnswer {
  status: number;
  headers: Headers;
  /** Undefined when the body is not JSON. */
  json: unknown;
}

/** One request to pyannoteAI and its whole answer, whatever its status. Sorts nothing, retries nothing. */
@Injectable()
export class PyannoteHttp {
  constructor(
    private readonly env: PyannoteEnv,
    private readonly pace: Pace,
  ) {}

  /** The address of the service, without a slash at its end. */
  get base(): string {
    return this.env.PYANNOTEAI_BASE_URL.replace(/\/+$/, '');
  }

  /** @throws whatever `fetch` throws, an abort when time is up, or an error for an answer that is too large */
  async send({ method, path, body }: VendorRequest): Promise<VendorAnswer> {
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${this.env.PYANNOTEAI_API_KEY}`,
        'user-agent': 'signalbox',
        // A kept connection may be closed by the other side just as a paid request goes out on it: unclear for nothing.
        connection: 'close',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      // The key goes to the address that was configured and to no other.
      redirect: 'manual',
      signal: AbortSignal.timeout(this.pace.patience(TIME_OUT)),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, headers: response.headers, json: readJson(await wholeBody(response)) };
  }
}

async function wholeBody(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    const chunk = part as Uint8Array;
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts, bytes);
}
