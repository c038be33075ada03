import { request } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { eventually } from './eventually.js';

export interface SseEvent {
  id: string;
  event: string;
  data: string;
}

export interface Told {
  type: string;
  timestamp: string;
  /** Not there in a reset. */
  data?: Record<string, unknown> & { job?: { id: string; status: string; kind: string } };
}

/** A stream of server-sent events as the standard reads it, on one connection, without coming back by itself. */
export class SseClient {
  readonly events: SseEvent[] = [];
  comments = 0;
  /** What a client would come back with. */
  lastId = '';
  retry: number | null = null;
  status = 0;
  headers: IncomingHttpHeaders = {};
  /** `end`: it came to its proper end; otherwise it broke off. */
  over: 'end' | 'broken' | null = null;
  body = '';
  private idOfBlock = '';
  private rest = '';
  private response: IncomingMessage | null = null;
  private block = { event: 'message', data: [] as string[] };
  private readonly asked: ClientRequest;

  private constructor(url: string, key: string, headers: Record<string, string>) {
    this.asked = request(url, { agent: false, headers: { authorization: `Bearer ${key}`, ...headers } });
    this.asked.on('error', () => (this.over ??= 'broken')).end();
  }

  /** Resolves when the answer has begun, whatever it is. */
  static async open(url: string, key: string, headers: Record<string, string> = {}): Promise<SseClient> {
    const client = new SseClient(url, key, headers);
    await new Promise<void>((begun, failed) => {
      client.asked.once('error', failed);
      client.asked.once('response', (response: IncomingMessage) => {
        client.read(response);
        begun();
      });
    });
    return client;
  }

  /** Goes on after the last id; without one, anew. */
  again(url: string, key: string): Promise<SseClient> {
    return SseClient.open(url, key, this.lastId === '' ? {} : { 'last-event-id': this.lastId });
  }

  get told(): Told[] {
    return this.events.map(({ data }) => JSON.parse(data) as Told);
  }

  /** The jobs that were told of; a reset tells of none. */
  get jobs(): string[] {
    return this.told.flatMap(({ data }) => (data?.job ? [data.job.id] : []));
  }

  get types(): string[] {
    return this.events.map(({ event }) => event);
  }

  get ids(): string[] {
    return this.events.map(({ id }) => id);
  }

  /** Takes nothing any more, until `resume`. */
  pause(): void {
    this.response?.pause();
  }

  resume(): void {
    this.response?.resume();
  }

  close(): void {
    this.asked.destroy();
  }

  async until(what: string, holds: (client: this) => unknown, deadlineMs = 60_000): Promise<this> {
    try {
      await eventually(what, () => Promise.resolve(Boolean(holds(this))), deadlineMs);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.types.slice(-5).join(' ')} (${this.events.length}, ${this.over})`, {
        cause: error,
      });
    }
    return this;
  }

  private read(response: IncomingMessage): void {
    this.response = response;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.take(chunk));
    response.on('end', () => (this.over ??= 'end'));
    response.on('error', () => (this.over ??= 'broken'));
    response.on('close', () => (this.over ??= 'broken'));
  }

  private take(chunk: string): void {
    if (!this.headers['content-type']?.startsWith('text/event-stream')) {
      this.body += chunk;
      return;
    }
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    if (line.startsWith(':')) this.comments += 1;
    else if (line === '') this.dispatch();
    const [, field, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === 'id') this.idOfBlock = value;
    if (field === 'retry') this.retry = Number(value);
    if (field === 'event') this.block.event = value;
    if (field === 'data') this.block.data.push(value);
  }

  private dispatch(): void {
    // Not before: what broke off in the middle was not seen.
    this.lastId = this.idOfBlock;
    const { event, data } = this.block;
    if (data.length > 0) this.events.push({ id: this.lastId, event, data: data.join('\n') });
    this.block = { event: 'message', data: [] };
  }
}
