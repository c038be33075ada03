import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { FetchFailed } from './guarded-fetch.errors.js';
import { announcedBytes, begin, failureOf, isRedirect, stageOf } from './guarded-fetch.exchange.js';
import type { Exchange } from './guarded-fetch.exchange.js';

/** One request to one host that was judged already, whose answer is read as it comes. */
export interface Opening extends Pick<Exchange, 'url' | 'method' | 'headers' | 'follows' | 'lookup' | 'ca'> {
  idleMs: number;
  maxBytes: number;
  /** Aborted when the answer takes too long to begin. */
  late: AbortSignal;
  /** Ends it at any time. */
  signal?: AbortSignal;
}

export interface OpenAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** To be read once. @throws {FetchFailed} when it ends before its end */
  bytes: AsyncIterable<Buffer>;
  /** Hangs up. */
  close(): void;
}

/** Asks, and leaves the connection open for the body. @throws {FetchFailed} */
export async function openAnswer(asked: Opening): Promise<OpenAnswer> {
  const { host } = asked.url;
  const request = begin(asked);
  const reasonNow = stageOf(request, asked.url.protocol === 'https:');
  const stopped = () => void request.destroy(new FetchFailed(asked.late.aborted ? 'timeout' : 'aborted', host));
  const close = () => {
    asked.signal?.removeEventListener('abort', stopped);
    request.destroy();
  };
  asked.signal?.addEventListener('abort', stopped);
  asked.late.addEventListener('abort', stopped);
  try {
    const incoming = await headOf(request, () => {
      if (asked.signal?.aborted || asked.late.aborted) stopped();
      request.end();
    }).finally(() => asked.late.removeEventListener('abort', stopped));
    const { statusCode: status = 0, headers } = incoming;
    // A redirect is going to be followed: nobody wants its body.
    if (asked.follows && isRedirect(status, headers)) close();
    else if (announcedBytes(incoming, asked.method) > asked.maxBytes) throw new FetchFailed('too_large', host);
    return { status, headers, bytes: bytesOf(incoming, asked, close), close };
  } catch (error) {
    close();
    throw failureOf(error as Error, reasonNow(), host);
  }
}

function headOf(request: ClientRequest, send: () => void): Promise<IncomingMessage> {
  return new Promise((came, failed) => {
    // Also what comes later: whoever reads the body hears of it there.
    request.on('error', failed);
    request.on('close', () => failed(new Error('closed')));
    request.on('response', (incoming) => {
      incoming.on('error', () => undefined);
      came(incoming);
    });
    send();
  });
}

async function* bytesOf(incoming: IncomingMessage, asked: Opening, close: () => void): AsyncGenerator<Buffer> {
  const { host } = asked.url;
  const chunks = incoming[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await soon(chunks.next(), asked.idleMs, () => incoming.destroy());
      if (done) return;
      size += value.length;
      if (size > asked.maxBytes) throw new FetchFailed('too_large', host);
      yield value;
    }
  } catch (error) {
    if (error instanceof Silence) throw new FetchFailed('timeout', host);
    if (asked.signal?.aborted) throw new FetchFailed('aborted', host);
    throw failureOf(error as Error, 'closed', host);
  } finally {
    close();
  }
}

class Silence extends Error {}

/** Only while somebody waits: a reader may take its time. */
async function soon<T>(next: Promise<T>, ms: number, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, failed) => {
    timer = setTimeout(() => {
      failed(new Silence());
      giveUp();
    }, ms);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
    next.catch(() => undefined);
  }
}
