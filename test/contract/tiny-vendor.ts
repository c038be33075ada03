import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What a vendor answers: a status with JSON, text or bytes in it, or nothing at all. */
export type Reply = { status: number; json?: unknown; text?: string; headers?: Record<string, string> } | 'hang up';

/** A vendor's HTTP on a real socket: hears everything, and answers what the suite tells it to. */
export class TinyVendor {
  readonly heard: Heard[] = [];
  answer: (request: Heard) => Reply = () => ({ status: 500 });
  url = '';
  private readonly server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      this.respond({ method, path: url, headers, body: Buffer.concat(parts) }, response);
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private respond(request: Heard, response: ServerResponse): void {
    this.heard.push(request);
    const reply = this.answer(request);
    if (reply === 'hang up') {
      response.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json)));
  }
}
