import { setTimeout as pause } from 'node:timers/promises';
import { Break, EventConnection } from './event-connection.js';
import { EventStreamParser } from './event-stream.js';
import type { StreamBlock } from './event-stream.js';
import { Mistake } from './mistake.js';
import { ADVICE } from './service-client.js';
import type { Service } from './service-client.js';

/** One event of the service, with the body that a notification of it has. */
export interface FeedEvent {
  id: string;
  type: string;
  /** JSON: `{ type, timestamp, data }`. */
  body: string;
}

/** Milliseconds. */
export interface FeedTimings {
  /** The service says something every 15 s; after so long without a word the connection is dead. */
  silence: number;
  /** Until the service says how long it wants to be left alone. */
  firstRetry: number;
  longestRetry: number;
}

const TIMINGS: FeedTimings = { silence: 45_000, firstRetry: 2_000, longestRetry: 30_000 };

/** The events of one of the service's streams, over as many connections as it takes: none left out, none twice. */
export class EventFeed {
  private readonly timings: FeedTimings;
  private lastId = '';
  private retryMs: number;
  private failures = 0;
  private wasConnected = false;

  /** @param path with its query; `tell` hears of breaks, for people */
  constructor(
    private readonly service: Service,
    private readonly path: string,
    private readonly tell: (line: string) => void,
    timings: Partial<FeedTimings> = {},
  ) {
    this.timings = { ...TIMINGS, ...timings };
    this.retryMs = this.timings.firstRetry;
  }

  /** Ends when nothing will come any more, or the service's signal says so. @throws {Mistake} for what a person has to mend */
  async *events(): AsyncGenerator<FeedEvent, void, void> {
    const { signal } = this.service;
    while (!signal.aborted) {
      try {
        yield* this.ofConnection();
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof Break)) throw error;
        // Whoever was never there is somewhere else.
        if (error.isNobody && !this.wasConnected) throw new Mistake(`${error.message}; ${ADVICE}`);
        await this.waitAfter(error);
      }
    }
  }

  /** @throws {Break} at its end, unless nothing will come any more */
  private async *ofConnection(): AsyncGenerator<FeedEvent, void, void> {
    const connection = new EventConnection(this.service, this.timings.silence);
    try {
      const pieces = await connection.open(this.path, this.lastId);
      if (!pieces) return;
      if (this.wasConnected) this.tell('connected again');
      this.wasConnected = true;
      const parser = new EventStreamParser();
      for await (const bytes of pieces) {
        this.failures = 0;
        for (const block of parser.push(bytes)) yield* this.shown(block);
        this.retryMs = parser.retryMs ?? this.retryMs;
      }
      throw new Break('the stream has ended');
    } finally {
      connection.close();
    }
  }

  private *shown({ id, type, data }: StreamBlock): Generator<FeedEvent> {
    if (type === 'reset')
      this.tell('there is a gap here: the service no longer has all that came since; read the lists');
    else if (data !== null) yield { id, type, body: data };
    this.lastId = id;
  }

  /** Longer with every failure, and never the same for two who were cut off together. */
  private async waitAfter({ message, waitMs }: Break): Promise<void> {
    const usual = Math.min(this.retryMs * 2 ** this.failures, this.timings.longestRetry);
    this.failures += 1;
    const wait = Math.max(waitMs, Math.round(usual * (0.5 + Math.random())));
    this.tell(`${message}; again in ${(wait / 1_000).toFixed(1)} s`);
    await pause(wait, undefined, { signal: this.service.signal }).catch(() => undefined);
  }
}
