import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { outsideLookup, resolveBySystem } from '../../kernel/http/outside-address.js';
import { sendBytes } from '../../kernel/http/sent-bytes.js';
import type { SentBytes } from '../../kernel/http/sent-bytes.js';

const STANDSTILL = 60 * SECOND;
const MAX_ANSWER_BYTES = 256 * 1_024;

export type StorageRequest = Pick<SentBytes, 'method' | 'url' | 'headers' | 'body' | 'size'> & {
  /** An address that the vendor named: it must not lead into a private network. */
  named?: boolean;
};

export interface StorageAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** Undefined when the body is not JSON. */
  json: unknown;
}

/** One request to the storage of fal.ai and its whole answer. Follows nothing, retries nothing. */
@Injectable()
export class FalPut {
  constructor(
    private readonly pace: Pace,
    private readonly env: HttpEnv,
  ) {}

  /** @throws what the connection throws, or the stream */
  async send({ named = false, ...request }: StorageRequest): Promise<StorageAnswer> {
    const { status, headers, body } = await sendBytes({
      ...request,
      headers: { ...request.headers, 'user-agent': 'signalbox' },
      standstillMs: this.pace.patience(STANDSTILL),
      mostAnswer: MAX_ANSWER_BYTES,
      ...(named ? { lookup: outsideLookup(this.env.FETCH_ALLOW_CIDRS, resolveBySystem) } : {}),
    });
    return { status, headers, json: jsonOf(body) };
  }
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
