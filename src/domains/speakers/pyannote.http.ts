import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { readJson } from '../../kernel/http/json-fields.js';
import { PyannoteEnv } from './pyannote.env.js';

const TIME_OUT = 30 * SECOND;
/** An answer up to this size is held. The words of six hours fit; the frame scores of one hour do not. */
const MOST_HELD = 4 * 1_024 * 1_024;
/** Frame scores of 24 h of audio are a tenth of it; an endless answer is an accident. */
const MOST_STREAMED = 2 * 1_024 ** 3;

export interface VendorRequest {
  method: 'GET' | 'POST';
  /** Below the base address, with its query. */
  path: string;
  body?: object;
  /** Whoever asks reads `large`, to its end or not: the connection is open until then. */
  mayBeLarge?: boolean;
}

export interface VendorAnswer {
  status: number;
  headers: Headers;
  /** Undefined when the body is not JSON. */
  json: unknown;
  /** In place of `json`, where that may be: a body too large to be held, from its beginning, to be read once. */
  large?: AsyncIterable<Uint8Array>;
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
  async send(request: VendorRequest): Promise<VendorAnswer> {
    const time = new TimeOut(this.pace.patience(TIME_OUT));
    try {
      const response = await this.ask(request, time.signal);
      const { status, headers } = response;
      const body = (response.body ?? emptyBody()) as AsyncIterable<Uint8Array>;
      const { held, rest } = await beginningOf(body);
      if (!rest) {
        time.over();
        return { status, headers, json: readJson(held) };
      }
      if (!request.mayBeLarge) throw new Error(`the answer is larger than ${MOST_HELD} bytes`);
      return { status, headers, json: undefined, large: streamed(held, rest, time) };
    } catch (error) {
      // Also ends the connection.
      time.abort();
      throw error;
    }
  }

  private ask({ method, path, body }: VendorRequest, signal: AbortSignal): Promise<Response> {
    return fetch(`${this.base}${path}`, {
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
      signal,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }
}

/** Ends a request when its time is up; of a large answer, when nothing is read for that long. */
class TimeOut {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(ms: number) {
    const late = () => this.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    this.timer = setTimeout(late, ms).unref();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  again(): void {
    this.timer.refresh();
  }

  over(): void {
    clearTimeout(this.timer);
  }

  abort(reason?: DOMException): void {
    this.over();
    this.controller.abort(reason);
  }
}

/** The whole body, or its beginning and the rest of one that is too large to be held. */
async function beginningOf(
  body: AsyncIterable<Uint8Array>,
): Promise<{ held: Buffer; rest?: AsyncIterator<Uint8Array> }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const rest = body[Symbol.asyncIterator]();
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    parts.push(next.value);
    bytes += next.value.length;
    if (bytes > MOST_HELD) return { held: Buffer.concat(parts, bytes), rest };
  }
  return { held: Buffer.concat(parts, bytes) };
}

async function* streamed(
  held: Buffer,
  rest: AsyncIterator<Uint8Array>,
  time: TimeOut,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isWhole = false;
  try {
    yield held;
    let bytes = held.length;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      time.again();
      bytes += next.value.length;
      if (bytes > MOST_STREAMED) throw new Error(`the answer is larger than ${MOST_STREAMED} bytes`);
      yield next.value;
    }
    isWhole = true;
  } finally {
    // Whoever has read enough ends the connection.
    if (isWhole) time.over();
    else time.abort();
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array, void, undefined> {
  // An answer without a body.
}
