import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { eventually } from './eventually.js';

/** One message that came, with what was answered. */
export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
  at: number;
}

export interface Message {
  type: string;
  timestamp: string;
  data: { job?: Record<string, unknown> & { id: string }; [part: string]: unknown };
}

export type Behaviour = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Answers 200 to everything. */
const willing: Behaviour = (_request, response) => void response.writeHead(200).end('ok');

/** A team’s own server: it listens, goes down, comes back at the same port, and misbehaves in every way. */
export class Subscriber {
  readonly received: Received[] = [];
  behaviour: Behaviour = willing;
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  static async start(behaviour?: Behaviour): Promise<Subscriber> {
    const subscriber = new Subscriber();
    if (behaviour) subscriber.behaviour = behaviour;
    await subscriber.up();
    return subscriber;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  async up(): Promise<void> {
    const server = createServer((request, response) => this.take(request, response));
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
    await new Promise<void>((listening, failed) => {
      server.once('error', failed).listen(this.port, '127.0.0.1', () => listening());
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Connections are refused from now on. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    for (const socket of this.sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  }

  willing(): void {
    this.behaviour = willing;
  }

  status(status: number, headers: Record<string, string> = {}): void {
    this.behaviour = (_request, response) => void response.writeHead(status, headers).end(`status ${status}`);
  }

  of(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  /** What came about a job, oldest first. */
  about(jobId: string): Received[] {
    return this.received.filter(({ body }) => body.includes(jobId));
  }

  until(what: string, holds: (received: Received[]) => boolean, deadlineMs?: number): Promise<Received[]> {
    return eventually(
      `the subscriber got ${what}`,
      () => {
        if (holds(this.received)) return Promise.resolve(this.received);
        throw new Error(
          `${this.received.length} so far: ${this.received.map(({ body }) => body.slice(0, 60)).join(' | ')}`,
        );
      },
      deadlineMs,
    );
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = request.headers as Record<string, string>;
      this.received.push({ path: request.url ?? '', headers, body, at: Date.now() });
      this.behaviour(request, response, body);
    });
  }
}

/** The message as a team reads it: verified by the package that receivers use. @throws when it does not hold */
export function verified(received: Received, secret: string): Message {
  return new Webhook(secret).verify(received.body, received.headers) as Message;
}

/** For what a test has just made sure of. */
export function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there');
  return value;
}
