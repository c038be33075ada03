import { setImmediate as breath } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { MINUTE, Pace, SECOND } from '../../config/pace.js';
import { AppLogger } from '../../observability/app-logger.js';
import { KernelMetrics } from '../../observability/kernel-metrics.js';
import { KeysService } from '../../teams/keys.service.js';
import { OpenStream } from './open-stream.js';
import type { StreamWish } from './open-stream.js';
import type { StreamEvent } from './stream-event.js';
import { StreamHistory } from './stream-history.js';
import type { StreamStart } from './stream-start.js';
import { beginStream, STREAM_HEADERS } from './stream-response.js';
import { StreamLimits } from './stream-limits.js';
import { TailReader } from './tail-reader.js';
import type { Follower } from './tail-reader.js';

const HEARTBEAT = 15 * SECOND;
const KEY_CHECK = 30 * SECOND;
/** Streams that are fed before others get a turn at the process. */
const IN_ONE_GO = 50;
/** Milliseconds that a reader has to take the rest when the service stops. */
const LAST_WORDS = SECOND;

/** Who opened a stream, for limits and log lines. */
export interface StreamOwner {
  keyId: string;
  teamName: string;
  requestId: string;
}

/** All streams that are open in this process. */
@Injectable()
export class OpenStreams implements Follower, OnModuleDestroy {
  private readonly streams = new Map<OpenStream, StreamOwner>();
  private readonly limits = new StreamLimits();
  private timers: NodeJS.Timeout[] = [];
  private unfollow: (() => void) | null = null;
  private isStopping = false;

  constructor(
    private readonly tail: TailReader,
    private readonly history: StreamHistory,
    private readonly keys: KeysService,
    private readonly metrics: KernelMetrics,
    private readonly pace: Pace,
    private readonly logger: AppLogger,
  ) {}

  /** @throws a 429 or 503 where there are too many */
  open(owner: StreamOwner, reply: FastifyReply, wish: StreamWish, { position, prelude }: StreamStart): void {
    if (this.isStopping) return void beginStream(reply, '').end();
    this.limits.take(owner.keyId);
    const start = Date.now();
    const response = beginStream(reply, prelude);
    const stream = new OpenStream(wish, position, response, this.tail, this.history, (how, sent) => {
      this.streams.delete(stream);
      this.limits.give(owner.keyId);
      this.metrics.streamsOpen.set(this.streams.size);
      if (how === 'slow' || how === 'key') this.metrics.streamsCut.inc({ reason: how });
      const { requestId, teamName: team, keyId: key } = owner;
      this.logger.wide('stream.done', 'stream', {
        requestId,
        team,
        key,
        end: how,
        events: sent,
        ms: Date.now() - start,
      });
      if (this.streams.size === 0) this.rest();
    });
    this.streams.set(stream, owner);
    this.metrics.streamsOpen.set(this.streams.size);
    this.attend();
    // Gone before it began.
    if (response.destroyed) stream.cut('left');
    else stream.goOn();
  }

  /** HEAD: how it would begin. */
  headersOnly(reply: FastifyReply): void {
    void reply.status(200).headers(STREAM_HEADERS).send();
  }

  async events(events: readonly StreamEvent[]): Promise<void> {
    const announced = events.filter(({ isAnnounced }) => isAnnounced);
    const ofTeams = grouped(announced, ({ teamId }) => teamId);
    const ofJobs = grouped(events, ({ jobId }) => jobId);
    let fed = 0;
    for (const [stream] of [...this.streams]) {
      const { scope } = stream.wish;
      const own =
        'jobId' in scope ? ofJobs.get(scope.jobId) : 'teamId' in scope ? ofTeams.get(scope.teamId) : announced;
      if (!own) continue;
      stream.feed(own);
      if (++fed % IN_ONE_GO === 0) await breath();
    }
  }

  looked(): void {
    for (const [stream] of this.streams) stream.goOn();
  }

  /** The service stops: clients come back, elsewhere or later, with the last id that they have. */
  end(): void {
    this.isStopping = true;
    const open = [...this.streams.keys()];
    for (const stream of open) stream.close('stopping');
    setTimeout(() => open.forEach((stream) => stream.cut('stopping')), LAST_WORDS).unref();
  }

  onModuleDestroy(): void {
    this.end();
    this.rest();
  }

  private attend(): void {
    if (this.unfollow) return;
    this.unfollow = this.tail.follow(this);
    this.timers = [
      setInterval(() => this.beat(), this.pace.ms(HEARTBEAT)),
      setInterval(() => void this.checkKeys(), this.pace.ms(KEY_CHECK)),
    ];
  }

  private rest(): void {
    this.unfollow?.();
    this.unfollow = null;
    for (const timer of this.timers.splice(0)) clearInterval(timer);
  }

  private beat(): void {
    const patience = this.pace.patience(MINUTE);
    for (const [stream] of this.streams) stream.beat(patience);
  }

  private async checkKeys(): Promise<void> {
    try {
      const valid = new Set(await this.keys.stillValid(this.limits.keys));
      for (const [stream, { keyId }] of [...this.streams]) if (!valid.has(keyId)) stream.close('key');
    } catch {
      // The next round asks again.
    }
  }
}

function grouped(events: readonly StreamEvent[], by: (event: StreamEvent) => string | null) {
  const groups = new Map<string | null, StreamEvent[]>();
  for (const event of events) {
    const group = groups.get(by(event));
    if (group) group.push(event);
    else groups.set(by(event), [event]);
  }
  return groups;
}
