import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Publishes keys on a real socket, in whatever way a test says, and counts how often it is asked. */
export class KeyServer {
  asked = 0;
  answer: (response: ServerResponse) => void = (response) => void response.writeHead(500).end();
  private readonly server = createServer((_request, response) => {
    this.asked += 1;
    this.answer(response);
  });

  async start(): Promise<this> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  /** From now on it has these. */
  has(set: object): void {
    const text = JSON.stringify(set);
    this.answer = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
