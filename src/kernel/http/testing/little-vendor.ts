import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

export type Reply = { status: number; json?: unknown; text?: string; headers?: Record<string, string> } | 'hang up';

/** A vendor of a few lines: hears everything, and answers what the test tells it to. */
export class LittleVendor {
  readonly heard: Heard[] = [];
  answer: (request: Heard) => Reply | Promise<Reply> = () => ({ status: 500 });
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const { method = '', url = '', headers } = request;
        void this.respond({ method, url, headers, body: text === '' ? null : JSON.parse(text) }, response);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async respond(request: Heard, response: ServerResponse): Promise<void> {
    this.heard.push(request);
    const reply = await this.answer(request);
    if (reply === 'hang up') {
      response.destroy();
      return;
    }
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json)));
  }
}
