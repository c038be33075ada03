import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificate.js';

export interface Seen {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** The head of an answer, line by line. */
export const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

/** A real server on a loopback address, as rude as a test wants it. */
export class LoopbackServer {
  /** Every connection that was ever made. */
  readonly sockets: Socket[] = [];
  /** Which of our addresses each of them was made to. */
  readonly reachedAt: (string | undefined)[] = [];
  readonly seen: Seen[] = [];

  private constructor(private readonly server: net.Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.push(socket);
      this.reachedAt.push(socket.localAddress);
      socket.on('error', () => undefined);
    });
  }

  /** Answers after the whole request was read. */
  static async http(answer: RequestListener, host?: string): Promise<LoopbackServer> {
    const server = http.createServer();
    return new LoopbackServer(server).answering(server, answer).listen(host);
  }

  static async https(certificate: Certificate, answer: RequestListener): Promise<LoopbackServer> {
    const server = https.createServer(certificate);
    server.on('tlsClientError', () => undefined);
    return new LoopbackServer(server).answering(server, answer).listen();
  }

  /** Does as it likes with each connection. */
  static async raw(connected: (socket: Socket) => void): Promise<LoopbackServer> {
    return new LoopbackServer(net.createServer((socket) => connected(socket.resume()))).listen();
  }

  /** Sends these very bytes for any request, and hangs up. */
  static async saying(text: string): Promise<LoopbackServer> {
    return LoopbackServer.raw((socket) => socket.once('data', () => socket.end(text, 'latin1')));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path = '/hidden?token=hush', host = 'hook.example.com', scheme = 'http'): string {
    return `${scheme}://${host}:${this.port}${path}`;
  }

  /** Ends when nobody is connected any more. */
  async allGone(): Promise<void> {
    for (const socket of this.sockets) if (!socket.closed) await new Promise((gone) => socket.once('close', gone));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private answering(server: http.Server | https.Server, answer: RequestListener): this {
    server.on('request', (request: IncomingMessage, response: http.ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        this.seen.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
        answer(request, response);
      });
    });
    return this;
  }

  private async listen(host = '127.0.0.1'): Promise<this> {
    this.server.listen(0, host);
    await once(this.server, 'listening');
    return this;
  }
}
