import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Reaction = (response: ServerResponse, received: Received) => void;

export interface Receiver {
  url: string;
  received: Received[];
  /** How the next deliveries are answered; 200 unless told. */
  react(reaction: Reaction): void;
  /** The first `count` deliveries, once they are there. */
  wait(count: number): Promise<Received[]>;
  stop(): Promise<void>;
}

const ok: Reaction = (response) => response.end('ok');

/** The other end of a webhook, on a real socket. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let reaction = ok;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(one);
      reaction(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    url,
    received,
    react: (next) => void (reaction = next),
    wait: async (count) => {
      await until(() => received.length >= count, `${count} deliveries`);
      return received.slice(0, count);
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function until(isSo: () => boolean | Promise<boolean>, what: string, patience = 20_000): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Checks the proof on its own, not with the code that made it. */
export function isGenuine({ headers, body }: Received, secret: string): boolean {
  const stamp = String(headers['x-request-timestamp']);
  return headers['x-signature'] === createHmac('sha256', secret).update(`v0:${stamp}:${body}`, 'utf8').digest('hex');
}
