import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Heard {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type Reply = { status: number; json?: unknown; headers?: Record<string, string> } | 'hang up';

/** The vendor's storage in a few lines: does what is documented, unless a test has it do something else. */
export class LittleStorage {
  readonly heard: Heard[] = [];
  readonly answers = new Map<string, Reply[]>();
  base = '';
  private readonly server: Server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    void buffer(request).then((body) => {
      this.heard.push({ method, url, headers, body });
      const reply = this.answers.get(`${method} ${url.split('?')[0]}`)?.shift() ?? this.usual(url);
      if (reply === 'hang up') return response.destroy();
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      return response.end(reply.json === undefined ? '' : JSON.stringify(reply.json));
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Instead of what is usual, once. */
  next(request: string, reply: Reply): void {
    this.answers.set(request, [...(this.answers.get(request) ?? []), reply]);
  }

  clear(): void {
    this.heard.splice(0);
    this.answers.clear();
  }

  get lines(): string[] {
    return this.heard.map(({ method, url }) => `${method} ${url}`);
  }

  private usual(url: string): Reply {
    if (url.startsWith('/storage/upload/initiate'))
      return { status: 200, json: { upload_url: `${this.base}/put/1?sig=a`, file_url: `${this.base}/files/1.zip` } };
    const part = /^\/put\/1\/(\d+)\?sig=a$/.exec(url)?.[1];
    if (part !== undefined) return { status: 200, json: { partNumber: Number(part), etag: `etag-${part}` } };
    return { status: url.startsWith('/put/1') ? 200 : 404 };
  }
}
