import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** A notice as the vendor, or somebody who pretends to be it, may send it. */
export interface NoticeOptions {
  secret: string;
  /** The header's text; now by default. */
  timestamp?: string;
  encoding?: 'hex' | 'base64';
  /** Null: no such header. */
  contentType?: string | null;
  /** What is signed in place of the body. */
  signs?: string | Buffer;
  /** Undefined takes a header away, a list sends it once per value. */
  headers?: Record<string, string | string[] | undefined>;
  /** Without a content length, in pieces. */
  chunked?: boolean;
}

export interface NoticeAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: { deliveryId: string; duplicate: boolean; code: string; detail: string };
}

/** Unix seconds as the header has them, so many from now. */
export function secondsFromNow(seconds: number): string {
  return String(Math.floor(Date.now() / 1_000) + seconds);
}

/** The headers that prove a notice, written down from the vendor's documentation and not from our code. */
export function signedHeaders(body: string | Buffer, options: NoticeOptions): OutgoingHttpHeaders {
  const { secret, timestamp = secondsFromNow(0), encoding = 'hex', contentType = 'application/json' } = options;
  const mac = createHmac('sha256', secret).update(`v0:${timestamp}:`);
  const headers = {
    ...(contentType === null ? {} : { 'content-type': contentType }),
    'x-request-timestamp': timestamp,
    'x-signature': mac.update(options.signs ?? body).digest(encoding),
    ...options.headers,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/** Sends exactly these bytes under exactly these headers, over a connection of its own. */
export function postNotice(url: string, body: string | Buffer, options: NoticeOptions): Promise<NoticeAnswer> {
  const bytes = Buffer.from(body);
  const length = options.chunked ? {} : { 'content-length': bytes.length };
  const headers = { ...signedHeaders(bytes, options), ...length };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const answer = JSON.parse(text === '' ? '{}' : text) as NoticeAnswer['body'];
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer });
      });
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}
