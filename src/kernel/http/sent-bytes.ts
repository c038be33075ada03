import { request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import { Readable } from 'node:stream';

/** Bytes for an object storage. */
export interface SentBytes {
  method: 'POST' | 'PUT';
  url: string;
  headers: OutgoingHttpHeaders;
  /** A stream ends with the request, sent whole or not. */
  body: Readable | Buffer;
  size: number;
  /** A gigabyte may take its time, but not stand still: milliseconds without any progress. */
  standstillMs: number;
  /** Bytes of the answer; what comes after them is not read. */
  mostAnswer: number;
  /** Looks up the host; without it the system does. */
  lookup?: RequestOptions['lookup'];
}

export interface BytesAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/**
 * One request with a body of known length, streamed, and its answer, whatever its status. Follows nothing, retries nothing.
 * @throws what the connection throws, or the stream
 */
export async function sendBytes(request: SentBytes): Promise<BytesAnswer> {
  const { method, headers, size, lookup } = request;
  const url = new URL(request.url);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = send(url, {
    method,
    // Object storages take no body of unknown length.
    headers: { ...headers, 'content-length': size, connection: 'close' },
    ...(lookup ? { lookup } : {}),
  });
  sent.setTimeout(request.standstillMs, () => sent.destroy(new Error('the upload stands still')));
  const bytes = Buffer.isBuffer(request.body) ? Readable.from([request.body]) : request.body;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // An answer may come before all is sent, and the connection break after it: the answer counts.
      sent.once('response', resolve).on('error', reject);
      bytes.once('error', (error) => sent.destroy(error));
      bytes.pipe(sent);
    });
    const body = await beginningOf(response, request.mostAnswer);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  } finally {
    bytes.destroy();
    sent.destroy();
  }
}

async function beginningOf(response: IncomingMessage, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    size += (part as Buffer).length;
    if (size > most) break;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
