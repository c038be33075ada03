import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { isOwn } from './fal.addresses.js';
import { FalEnv } from './fal.env.js';
import { readJson } from './fal.json.js';

const TIME_OUT = 30 * SECOND;
const MIB = 1_024 ** 2;
/** An answer is a few hundred bytes; the log of a long training may be megabytes. */
const MOST_HELD = 4 * MIB;

export interface VendorRequest {
  method: 'GET' | 'POST' | 'PUT';
  /** On the host of FAL_BASE_URL. */
  url: string;
  body?: object;
  /** Most bytes of an answer. */
  most?: number;
}

export interface VendorAnswer {
  status: number;
  headers: Headers;
  /** Undefined when the body is not JSON. */
  json: unknown;
}

/** An answer that nobody wants to hold. */
export class TooLarge extends Error {}

/** One request to fal.ai's queue and its whole answer, whatever its status. Sorts nothing, retries nothing. */
@Injectable()
export class FalHttp {
  constructor(
    private readonly env: FalEnv,
    private readonly pace: Pace,
  ) {}

  /** The address of the queue, without a slash at its end. */
  get base(): string {
    return this.env.FAL_BASE_URL.replace(/\/+$/, '');
  }

  /** @throws {TooLarge}, whatever `fetch` throws, an abort when time is up, or an error for an address that is not the vendor's */
  async send({ method, url, body, most = MOST_HELD }: VendorRequest): Promise<VendorAnswer> {
    if (!isOwn(this.base, url)) throw new Error('the address is not on the host of FAL_BASE_URL');
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Key ${this.env.FAL_KEY}`,
        'user-agent': 'signalbox',
        // A kept connection may be closed by the other side just as a paid request goes out on it: unclear for nothing.
        connection: 'close',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      // The key goes to the host that was configured and to no other.
      redirect: 'manual',
      signal: AbortSignal.timeout(this.pace.patience(TIME_OUT)),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const { status, headers } = response;
    return { status, headers, json: readJson(await wholeBody(response, most)) };
  }
}

async function wholeBody(response: Response, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    parts.push(part);
    bytes += part.length;
    // Leaving the loop ends the connection.
    if (bytes > most) throw new TooLarge(`the answer is larger than ${most} bytes`);
  }
  return Buffer.concat(parts, bytes);
}
