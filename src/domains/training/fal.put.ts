import { request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { outsideLookup, resolveBySystem } from '../../kernel/http/outside-address.js';

/** A gigabyte may take its time, but not stand still. */
const STANDSTILL = 60 * SECOND;
const MAX_ANSWER_BYTES = 256 * 1_024;

export interface SentBytes {
  method: 'POST' | 'PUT';
  url: string;
  headers: OutgoingHttpHeaders;
  body: Readable | Buffer;
  size: number;
  /** An address that the vendor named: it must not lead into a private network. */
  named?: boolean;
}

export interface StorageAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** Undefined when the body is not JSON. */
  json: unknown;
}

/** One request with a body of known length, streamed, and its whole answer. Follows nothing, retries nothing. */
@Injectable()
export class FalPut {
  constructor(
    private readonly pace: Pace,
    private readonly env: HttpEnv,
  ) {}

  /** @throws what the connection throws, or the stream */
  async send({ method, url, headers, body, size, named = false }: SentBytes): Promise<StorageAnswer> {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const sent = send(new URL(url), {
      method,
      // Object storages take no body of unknown length.
      headers: { ...headers, 'content-length': size, 'user-agent': 'signalbox', connection: 'close' },
      ...(named ? { lookup: outsideLookup(this.env.FETCH_ALLOW_CIDRS, resolveBySystem) } : {}),
    });
    sent.setTimeout(this.pace.patience(STANDSTILL), () => sent.destroy(new Error('the upload stands still')));
    const bytes = Buffer.isBuffer(body) ? Readable.from([body]) : body;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        // An answer may come before all is sent, and the connection break after it: the answer counts.
        sent.once('response', resolve).on('error', reject);
        bytes.once('error', (error) => sent.destroy(error));
        bytes.pipe(sent);
      });
      const { statusCode: status = 0, headers: named } = response;
      return { status, headers: named, json: jsonOf(await wholeBody(response)) };
    } finally {
      bytes.destroy();
      sent.destroy();
    }
  }
}

async function wholeBody(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    size += (part as Buffer).length;
    if (size > MAX_ANSWER_BYTES) break;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
