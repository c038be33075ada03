import http from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction, TcpNetConnectOpts } from 'node:net';
import { KeptBytes } from './guarded-fetch.body.js';
import { FetchFailed } from './guarded-fetch.errors.js';
import type { FetchFailure } from './guarded-fetch.errors.js';

const MAX_HEADER_BYTES = 16 * 1_024;
/** How long one of several addresses may take before the next is tried as well; Node's 250 ms lose far-away hosts. */
const NEXT_ADDRESS_MS = 1_000;

/** One request to one host that was judged already. */
export interface Exchange {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body?: Buffer | string;
  maxBytes: number;
  overflow: 'cut' | 'refuse';
  /** A redirect is going to be followed: nobody wants its body. */
  follows: boolean;
  lookup: LookupFunction;
  /** Trusted instead of the system's authorities. */
  ca?: string;
  /** Aborted with the reason `timeout` or `aborted`. */
  stop: AbortSignal;
}

export interface ExchangeAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  cut: boolean;
}

/** Asks, and hangs up whatever comes of it. @throws {FetchFailed} */
export async function exchange(asked: Exchange): Promise<ExchangeAnswer> {
  if (asked.stop.aborted) throw new FetchFailed(asked.stop.reason as FetchFailure, asked.url.host);
  const request = begin(asked);
  try {
    return await answerTo(request, asked);
  } finally {
    request.destroy();
  }
}

/** A request whose end is still to be sent. */
export function begin(asked: Pick<Exchange, 'url' | 'method' | 'headers' | 'lookup' | 'ca'>): ClientRequest {
  const { url, method, headers, lookup, ca } = asked;
  const options: https.RequestOptions & Pick<TcpNetConnectOpts, 'autoSelectFamily' | 'autoSelectFamilyAttemptTimeout'> =
    {
      method,
      headers,
      lookup,
      ca,
      agent: false,
      // Said out loud, because variables of the environment change what is usual.
      rejectUnauthorized: true,
      insecureHTTPParser: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    };
  return url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
}

function answerTo(request: ClientRequest, asked: Exchange): Promise<ExchangeAnswer> {
  return new Promise((answered, failed) => {
    const { host } = asked.url;
    const reasonNow = stageOf(request, asked.url.protocol === 'https:');
    const kept = new KeptBytes(asked.maxBytes);
    let response: IncomingMessage | null = null;

    const answer = (cut: boolean) => {
      if (response === null) return;
      answered({ status: response.statusCode ?? 0, headers: response.headers, body: kept.bytes(), cut });
    };
    const fail = (failure: FetchFailed) => {
      // All that is wanted is here already; how the rest ends is no concern of ours.
      const enough = response !== null && asked.overflow === 'cut' && kept.full && failure.reason !== 'aborted';
      if (enough) answer(true);
      else failed(failure);
    };
    const failBy = (error: NodeJS.ErrnoException) => fail(failureOf(error, reasonNow(), host));
    const overflow = () => (asked.overflow === 'cut' ? answer(true) : fail(new FetchFailed('too_large', host)));

    const stopped = () => fail(new FetchFailed(asked.stop.reason as FetchFailure, host));
    asked.stop.addEventListener('abort', stopped);
    // Look-ups begin with the request, and may have stopped it already.
    if (asked.stop.aborted) stopped();
    request.on('error', failBy);
    request.on('close', () => response ?? fail(new FetchFailed(reasonNow(), host)));
    request.on('response', (incoming) => {
      response = incoming;
      incoming.on('error', failBy);
      if (asked.follows && isRedirect(incoming.statusCode, incoming.headers)) return answer(true);
      if (asked.overflow === 'refuse' && announcedBytes(incoming, asked.method) > asked.maxBytes) return overflow();
      incoming.on('data', (chunk: Buffer) => kept.add(chunk) || overflow());
      incoming.on('end', () => answer(false));
    });
    request.end(asked.body);
  });
}

/** What a fault means by how far the connection has come. Look-ups name their faults themselves. */
export function stageOf(request: ClientRequest, secure: boolean): () => FetchFailure {
  let stage: FetchFailure = 'connect';
  request.on('socket', (socket) => {
    socket.on('connect', () => (stage = secure ? 'tls' : 'closed'));
    socket.on('secureConnect', () => (stage = 'closed'));
  });
  return () => stage;
}

/** Why a fault of the connection means that there is no answer. */
export function failureOf(error: NodeJS.ErrnoException, stage: FetchFailure, host: string): FetchFailed {
  if (error instanceof FetchFailed) return error;
  const { code } = error;
  if (code?.startsWith('HPE_')) return new FetchFailed('not_http', host, { code });
  // With TLS 1.3 some alerts come after the handshake.
  if (code?.startsWith('ERR_SSL_')) return new FetchFailed('tls', host, { code });
  return new FetchFailed(stage, host, { code });
}

/** A status that leads elsewhere by a `location`; 300 and 304 do not. */
export function isRedirect(status: number | undefined, headers: IncomingHttpHeaders): boolean {
  return [301, 302, 303, 307, 308].includes(status ?? 0) && headers.location !== undefined;
}

/** The length of a body before any of it came; answers without one may name a length all the same. */
export function announcedBytes({ statusCode, headers }: IncomingMessage, method: string): number {
  return method === 'HEAD' || statusCode === 304 ? 0 : Number(headers['content-length'] ?? 0);
}
