import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { NoticeSeen } from './findings.js';

/** Tries that are answered with 500, so that the vendor sends retries: at once, and a minute later. */
const TURNED_AWAY = 2;

/** Listens for the notice of one job, and keeps every try of it. */
export class Receiver {
  readonly tries: NoticeSeen[] = [];

  private constructor(private readonly server: Server) {}

  /** @throws what listening throws, such as EADDRINUSE */
  static async listen(host: string, port: number): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, reply) => {
      void buffer(request).then((body) => {
        if (request.method !== 'POST') return reply.writeHead(200).end();
        receiver.tries.push({ headers: request.headers, body, at: Date.now() / 1_000 });
        return reply.writeHead(receiver.isDone ? 200 : 500).end();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
    return receiver;
  }

  /** Whether enough tries have come, so that the vendor is told to stop. */
  get isDone(): boolean {
    return this.tries.length > TURNED_AWAY;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
