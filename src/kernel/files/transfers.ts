import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Pace, SECOND } from '../config/pace.js';
import type { CallerRequest } from '../teams/caller.js';

/** What has come so far at the end of the service may come to its own end for so long. */
const GRACE = 5 * SECOND;

/** Files on their way in and out. A gigabyte on a slow line would hold up the end of the service for hours: it is cut. */
@Injectable()
export class Transfers implements BeforeApplicationShutdown {
  private readonly underway = new Map<Promise<unknown>, Socket>();

  constructor(private readonly pace: Pace) {}

  follow<T>(socket: Socket, work: Promise<T>): Promise<T> {
    this.underway.set(work, socket);
    const over = () => void this.underway.delete(work);
    work.then(over, over);
    return work;
  }

  /** What goes out as the answer's body; of HEAD nothing. */
  send(body: Readable, request: CallerRequest): StreamableFile {
    if (request.method === 'HEAD') {
      body.destroy();
      // As a stream, because the length of anything else would be put in place of the body's.
      return new StreamableFile(Readable.from([]));
    }
    void this.follow(request.raw.socket, once(body, 'close'));
    return new StreamableFile(body);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const all = () => Promise.allSettled(this.underway.keys());
    let timer: NodeJS.Timeout | undefined;
    const time = new Promise((passed) => (timer = setTimeout(passed, this.pace.patience(GRACE))));
    await Promise.race([all(), time]);
    clearTimeout(timer);
    for (const socket of this.underway.values()) socket.destroy();
    await all();
  }
}
