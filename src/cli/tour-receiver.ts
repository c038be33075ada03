import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { Turn } from './tour-steps.js';

/** A notification that has been verified. */
export interface Verified {
  /** The `webhook-id`. */
  id: string;
  type: string;
  data: {
    job?: { id: string; status: string; result?: { diarization?: Turn[] } | null };
    /** What a training made. */
    model?: { id: string; jobId: string };
  };
}

const PATIENCE_MS = 15_000;

/** A team's own server for notifications, on a free port of this machine: believes what the receivers' package verifies. */
export class TourReceiver {
  /** Set once the endpoint is there, and its secret known. */
  secret = '';
  /** Hears of each that is verified. */
  onVerified: (notification: Verified) => void = () => undefined;
  private readonly verified: Verified[] = [];
  private refused: string | null = null;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TourReceiver> {
    const server = createServer();
    const receiver = new TourReceiver(server);
    server.on('request', (request, response) => {
      receiver.receive(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((listening, failed) => {
      server.once('error', failed).listen(0, '127.0.0.1', listening);
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** What it is told of a job, the first of it or what has this type. @throws when that does not come in time, or something cannot be verified */
  async toldOf(jobId: string, type?: string): Promise<Verified> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(50)) {
      if (this.refused !== null) throw new Error(`a notification could not be verified: ${this.refused}`);
      const found = this.verified.find(
        (one) => (one.data.job?.id ?? one.data.model?.jobId) === jobId && one.type === (type ?? one.type),
      );
      if (found) return found;
    }
    throw new Error(`nobody told ${type ?? 'anything'} of job ${jobId} within ${PATIENCE_MS / 1_000} s`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const headers = request.headers as Record<string, string>;
    try {
      const told = new Webhook(this.secret).verify(body, headers) as Omit<Verified, 'id'>;
      const notification = { id: headers['webhook-id'] ?? '', ...told };
      this.verified.push(notification);
      response.writeHead(204).end();
      this.onVerified(notification);
    } catch (error) {
      this.refused = (error as Error).message;
      response.writeHead(400).end();
    }
  }
}
