import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request for a stream. */
export interface Visit {
  path: string;
  headers: IncomingHttpHeaders;
}

export type Stream = (response: ServerResponse, visit: Visit, nth: number) => void;

/** A small service with streams, on a real socket: what it says to each visit is up to the test. */
export class StreamServer {
  readonly visits: Visit[] = [];
  stream: Stream = () => undefined;

  private constructor(private readonly server: Server) {}

  static async start(stream?: Stream): Promise<StreamServer> {
    const server = createServer();
    const made = new StreamServer(server);
    if (stream) made.stream = stream;
    server.on('request', (request, response) => {
      const visit = { path: request.url ?? '', headers: request.headers };
      made.visits.push(visit);
      made.stream(response, visit, made.visits.length);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** Begins a stream as the service does, with what comes first. */
export function begin(response: ServerResponse, text = ''): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write(`retry: 20\n\n${text}`);
  return response;
}

/** One event as the service writes it; its type is `diarization.succeeded` unless another is named. */
export function event(id: string, type = 'diarization.succeeded', data: object = { job: { id: `job-${id}` } }): string {
  const body = JSON.stringify({ type, timestamp: '2026-11-21T10:00:00.000Z', data });
  return `id: ${id}\nevent: ${type}\ndata: ${body}\n\n`;
}

export function problem(response: ServerResponse, status: number, detail: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ detail }));
}
