import type { IncomingHttpHeaders } from 'node:http';
import { FetchFailed } from './guarded-fetch.errors.js';
import type { FetchFailure } from './guarded-fetch.errors.js';
import { openAnswer } from './guarded-fetch.download.js';
import type { OpenAnswer } from './guarded-fetch.download.js';
import { exchange, isRedirect } from './guarded-fetch.exchange.js';
import type { Exchange } from './guarded-fetch.exchange.js';
import type { HttpEnv } from './http.env.js';
import { outsideLookup, resolveBySystem } from './outside-address.js';
import type { Resolve } from './outside-address.js';
import { outsideUrlFault } from './outside-url.js';

export interface GuardedRequest {
  /** Default GET. */
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  headers?: Record<string, string>;
  body?: Buffer | string;
  /** The whole exchange with all its redirects: look-up, connection, TLS, and the bytes of the answer that are kept. */
  timeoutMs: number;
  /** How much of the answer's body is wanted, as it came over the wire: nothing is decompressed. */
  maxBytes: number;
  /** For more bytes than that: keep the first ones and hang up, or fail with `too_large`. */
  overflow: 'cut' | 'refuse';
  /** How many are followed, each judged anew; only for GET and HEAD. With 0, the default, a redirect is simply the answer. */
  redirects?: number;
  signal?: AbortSignal;
}

export interface GuardedAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** There was, or may have been, more than `body`. */
  cut: boolean;
  /** Who answered in the end; it may hold secrets, as the URL asked may. */
  url: string;
}

/** A GET whose answer may be too large to be held at once. */
export interface GuardedDownload {
  headers?: Record<string, string>;
  /** Until the answer begins, with all its redirects. */
  timeoutMs: number;
  /** How long the body may stand still while somebody waits for more of it. */
  idleMs: number;
  /** A body with more bytes fails with `too_large`. */
  maxBytes: number;
  redirects?: number;
  signal?: AbortSignal;
}

/** One request of those that a fetch is made of: redirects lead to more. */
type Hop = Pick<Exchange, 'url' | 'method' | 'headers' | 'follows' | 'lookup' | 'ca'>;

/** What speaks for the caller at one origin only. */
const CREDENTIALS = new Set(['authorization', 'proxy-authorization', 'cookie', 'host']);

/**
 * The one way to fetch a URL that somebody else gave us. It reaches public addresses only (and FETCH_ALLOW_CIDRS),
 * knows no proxy, cookies or pool, and takes no more time and bytes than it is told.
 */
export class GuardedFetch {
  constructor(
    private readonly env: Readonly<HttpEnv>,
    private readonly resolve: Resolve = resolveBySystem,
    private readonly ca?: string,
  ) {}

  /** What is wrong with a URL, before it is stored: a phrase to follow the field's name; null when nothing is. */
  check(url: string): string | null {
    const fault = outsideUrlFault(url, this.env.FETCH_ALLOW_CIDRS, true);
    if (fault !== null) return fault;
    return this.schemes().includes(new URL(url).protocol) ? null : 'must be https';
  }

  /** Any status is an answer. @throws {FetchFailed} when there is none, {TypeError} for a request that makes no sense */
  async fetch(url: string, request: GuardedRequest): Promise<GuardedAnswer> {
    refuseNonsense(request);
    const stop = new AbortController();
    const stopBy = (reason: FetchFailure) => () => stop.abort(reason);
    const abort = stopBy('aborted');
    const deadline = setTimeout(stopBy('timeout'), request.timeoutMs);
    request.signal?.addEventListener('abort', abort);
    if (request.signal?.aborted) abort();
    try {
      const { body, maxBytes, overflow } = request;
      const ask = (hop: Hop) => exchange({ ...hop, body, maxBytes, overflow, stop: stop.signal });
      return await this.follow(this.permitted(url), request, ask);
    } finally {
      clearTimeout(deadline);
      request.signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * The head of the answer, and its body as it comes: read it to its end, or `close()` it. A body that ends before its
   * announced length fails with `closed`. @throws {FetchFailed} when no answer begins
   */
  async download(url: string, request: GuardedDownload): Promise<OpenAnswer & { url: string }> {
    const late = new AbortController();
    const deadline = setTimeout(() => late.abort(), request.timeoutMs);
    const { idleMs, maxBytes, signal } = request;
    const ask = (hop: Hop) => openAnswer({ ...hop, idleMs, maxBytes, late: late.signal, signal });
    try {
      return await this.follow(this.permitted(url), request, ask);
    } finally {
      clearTimeout(deadline);
    }
  }

  private async follow<A extends Pick<GuardedAnswer, 'status' | 'headers'>>(
    first: URL,
    request: Pick<GuardedRequest, 'method' | 'headers' | 'body' | 'redirects'>,
    ask: (hop: Hop) => Promise<A>,
  ): Promise<A & { url: string }> {
    const { method = 'GET', redirects = 0 } = request;
    const follows = redirects > 0;
    let url = first;
    let headers = headersOf(request);
    for (let followed = 0; ; followed++) {
      const lookup = outsideLookup(this.env.FETCH_ALLOW_CIDRS, this.resolve);
      const answer = await ask({ url, method, headers, follows, lookup, ca: this.ca });
      if (!follows || !isRedirect(answer.status, answer.headers)) return { ...answer, url: url.href };
      if (followed === redirects) throw new FetchFailed('too_many_redirects', url.host);
      const next = this.redirectedTo(answer.headers.location ?? '', url);
      if (next.origin !== url.origin) headers = withoutCredentials(headers);
      url = next;
    }
  }

  /** @throws {FetchFailed} before anything is looked up */
  private permitted(text: string): URL {
    const fault = this.check(text);
    if (fault === null) return new URL(text);
    const known = URL.canParse(text) ? new URL(text) : null;
    const refused = known !== null && !this.schemes().includes(known.protocol) ? 'refused_scheme' : 'refused_address';
    throw new FetchFailed(refused, known?.host ?? '', { says: `the URL ${fault}` });
  }

  private redirectedTo(location: string, from: URL): URL {
    // Headers are read as Latin-1, and servers write UTF-8.
    const text = Buffer.from(location, 'latin1').toString();
    if (!URL.canParse(text, from.href)) throw new FetchFailed('not_http', from.host);
    const next = this.permitted(new URL(text, from.href).href);
    if (from.protocol === 'https:' && next.protocol !== 'https:') throw new FetchFailed('refused_scheme', next.host);
    return next;
  }

  private schemes(): string[] {
    return this.env.FETCH_ALLOW_HTTP ? ['https:', 'http:'] : ['https:'];
  }
}

function refuseNonsense({ method = 'GET', redirects = 0, body }: GuardedRequest): void {
  const reads = method === 'GET' || method === 'HEAD';
  if (redirects > 0 && !reads) throw new TypeError(`a ${method} is never sent on: redirects are for GET and HEAD`);
  if (body !== undefined && reads) throw new TypeError(`a ${method} has no body`);
}

function headersOf({ headers = {}, body }: Pick<GuardedRequest, 'headers' | 'body'>): Record<string, string> {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const usual: Record<string, string> = { 'accept-encoding': 'identity' };
  if (body !== undefined) usual['content-length'] = String(Buffer.byteLength(body));
  return { ...usual, ...(Object.fromEntries(given) as Record<string, string>) };
}

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.has(name)));
}
