import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { AnswerReader } from './answer-reader.js';
import type { Slab } from './slab.js';

export interface LoadOptions {
  port: number;
  connections: number;
  seconds: number;
  /** Number of the first request that is sent; those before it were used by an earlier run. */
  from?: number;
}

export interface LoadResult {
  /** Answers inside the measured time. */
  requests: number;
  ms: number;
  /** Every answer's time, in the order in which they came. */
  latencies: Float64Array;
  /** Answers by status. */
  statuses: Record<string, number>;
  /** Number of the request and the delivery id that acked it. */
  acked: [index: number, deliveryId: string][];
  /** Number of the first request that was not sent. */
  next: number;
}

/** Keeps each connection busy with one request at a time until the time is up or the requests are used up. */
export class Load {
  private next: number;
  private done = 0;
  private inTime = 0;
  private readonly latencies: Float64Array;
  private readonly statuses: Record<string, number> = {};
  private readonly acked: [number, string][] = [];
  private start = 0;
  private deadline = 0;
  private lastAt = 0;

  constructor(
    private readonly slab: Slab,
    private readonly options: LoadOptions,
  ) {
    this.latencies = new Float64Array(slab.count);
    this.next = options.from ?? 0;
  }

  async run(): Promise<LoadResult> {
    const sockets = await Promise.all(Array.from({ length: this.options.connections }, () => this.open()));
    this.start = performance.now();
    this.deadline = this.start + this.options.seconds * 1_000;
    await Promise.all(sockets.map((one) => one.go()));
    return {
      requests: this.inTime,
      ms: Math.min(this.lastAt, this.deadline) - this.start,
      latencies: this.latencies.slice(0, this.done),
      statuses: this.statuses,
      acked: this.acked,
      next: this.next,
    };
  }

  private open(): Promise<{ go: () => Promise<void> }> {
    return new Promise((opened, failed) => {
      const reader = new AnswerReader();
      let index = -1;
      let sentAt = 0;
      let finish: () => void = () => undefined;
      let fail: (error: Error) => void = failed;
      const send = () => {
        if (this.next >= this.slab.count || performance.now() >= this.deadline) {
          finish();
          socket.destroy();
          return;
        }
        index = this.next++;
        sentAt = performance.now();
        socket.write(this.slab.request(index));
      };
      const socket: Socket = connect({
        port: this.options.port,
        host: '127.0.0.1',
        noDelay: true,
        // Reads into one buffer of its own: no stream, no allocation per answer.
        onread: {
          buffer: Buffer.allocUnsafe(16_384),
          callback: (length, buffer) => {
            const answer = reader.read((buffer as Buffer).toString('latin1', 0, length));
            if (answer) {
              this.count(answer.status, performance.now(), sentAt);
              if (answer.deliveryId !== null) this.acked.push([index, answer.deliveryId]);
              send();
            }
            return true;
          },
        },
      });
      socket.on('error', (error) => fail(error));
      socket.on('close', () => fail(new Error('the connection was closed')));
      socket.once('connect', () =>
        opened({
          go: () =>
            new Promise<void>((resolve, reject) => {
              finish = resolve;
              fail = reject;
              send();
            }),
        }),
      );
    });
  }

  private count(status: number, now: number, sentAt: number): void {
    this.latencies[this.done++] = now - sentAt;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (now > this.deadline) return;
    this.inTime += 1;
    this.lastAt = now;
  }
}
