import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { GuardedAnswer, GuardedRequest } from '../guarded-fetch.js';
import { fetching, plain } from './fetching.js';
import { LoopbackServer } from './loopback-server.js';

/** The one server of a test, and the guarded fetch of it. */
export class OneServer {
  private server: LoopbackServer | undefined;

  http = async (answer: RequestListener): Promise<LoopbackServer> => (this.server = await LoopbackServer.http(answer));
  raw = async (connected: (socket: Socket) => void): Promise<LoopbackServer> =>
    (this.server = await LoopbackServer.raw(connected));
  saying = async (text: string): Promise<LoopbackServer> => (this.server = await LoopbackServer.saying(text));
  ask = (from: LoopbackServer, more: Partial<GuardedRequest> = {}): Promise<GuardedAnswer> =>
    fetching().fetch(from.url(), plain(more));

  /** Whatever happened, we are the ones who hang up. */
  async gone(): Promise<void> {
    await this.server?.allGone();
    await this.server?.stop();
    this.server = undefined;
  }
}
