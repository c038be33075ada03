import { Mistake } from './mistake.js';
import { noAnswer, sentenceFor } from './service-client.js';
import type { Service } from './service-client.js';

const OVER = 204;
const TOO_MANY = 429;

/** Why a connection has ended, or did not come about, that may be made again. */
export class Break extends Error {
  constructor(
    why: string,
    /** Milliseconds that the other side asked for. */
    readonly waitMs = 0,
    /** Nobody was there at all. */
    readonly isNobody = false,
  ) {
    super(why);
  }
}

/** One connection to one of the service's streams, given up when nothing comes for `silence` ms while somebody waits. */
export class EventConnection {
  private readonly controller = new AbortController();
  private readonly abort = () => this.controller.abort();

  constructor(
    private readonly service: Service,
    private readonly silence: number,
  ) {
    service.signal.addEventListener('abort', this.abort);
    if (service.signal.aborted) this.abort();
  }

  close(): void {
    this.service.signal.removeEventListener('abort', this.abort);
    this.abort();
  }

  /** What comes; null when nothing will. @throws {Break} for what passes, {Mistake} for what a person has to mend */
  async open(path: string, lastId: string): Promise<AsyncGenerator<Uint8Array> | null> {
    const { url, key } = this.service;
    const headers = {
      accept: 'text/event-stream',
      // What is packed comes in lumps.
      'accept-encoding': 'identity',
      authorization: `Bearer ${key}`,
      connection: 'close',
      ...(lastId === '' ? {} : { 'last-event-id': lastId }),
    };
    const { signal } = this.controller;
    const answer = await this.inTime(
      () => fetch(`${url}${path}`, { headers, signal, redirect: 'manual' }),
      (error) => new Break(noAnswer(url, error), 0, true),
    );
    if (answer.status === OVER) return null;
    await refuse(answer, url);
    return this.pieces(answer);
  }

  private async *pieces({ body }: Response): AsyncGenerator<Uint8Array> {
    const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
    while (reader) {
      const piece = await this.inTime(
        () => reader.read(),
        () => new Break('the connection broke'),
      );
      if (piece.done) return;
      yield piece.value;
    }
  }

  /** Counts only while we wait: what is done with an event takes as long as it takes. */
  private async inTime<T>(work: () => Promise<T>, failed: (error: unknown) => Break): Promise<T> {
    let isSilent = false;
    const timer = setTimeout(() => {
      isSilent = true;
      this.abort();
    }, this.silence);
    try {
      return await work();
    } catch (error) {
      throw isSilent ? new Break(`nothing came for ${this.silence / 1_000} s`) : failed(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function refuse(answer: Response, url: string): Promise<void> {
  const { status, headers } = answer;
  if (status === 200) {
    if (headers.get('content-type')?.startsWith('text/event-stream')) return;
    throw new Mistake(`what answers at ${url} has no stream of events; is it a Signalbox?`);
  }
  const text = await answer.text().catch(() => '');
  if (status !== TOO_MANY && status < 500) throw new Mistake(sentenceFor(status, text));
  throw new Break(sentenceFor(status, text), Number(headers.get('retry-after')) * 1_000 || 0);
}
